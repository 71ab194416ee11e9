//! An object store in memory that fails when it is told to.

use std::sync::Mutex;

use async_trait::async_trait;
use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

/// Whether the write that fails has happened all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Nothing was written.
    Before,
    /// Everything was written; only the answer was lost.
    After,
}

#[derive(Debug)]
struct Fault {
    under: String,
    pass: u32,
    times: u32,
    when: When,
}

/// A store whose writes fail as planned.
#[derive(Debug, Default)]
pub struct Faults {
    store: InMemory,
    planned: Mutex<Vec<Fault>>,
}

impl Faults {
    /// Lets `pass` writes below the folder `under` happen, then fails the next
    /// `times`.
    pub fn fail(&self, under: &str, pass: u32, times: u32, when: When) {
        let under = under.to_owned();
        self.planned.lock().unwrap().push(Fault { under, pass, times, when });
    }

    /// Forgets every planned failure.
    pub fn heal(&self) {
        self.planned.lock().unwrap().clear();
    }

    fn strike(&self, path: &Path) -> Option<When> {
        let mut planned = self.planned.lock().unwrap();
        let fault = planned
            .iter_mut()
            .find(|fault| fault.times > 0 && path.as_ref().starts_with(&fault.under))?;
        if fault.pass > 0 {
            fault.pass -= 1;
            return None;
        }
        fault.times -= 1;
        Some(fault.when)
    }

    /// Runs a write to `path`, or makes it fail.
    async fn write<T>(&self, path: &Path, write: impl Future<Output = Result<T>>) -> Result<T> {
        let failed = || Error::Generic { store: "faults", source: "a planned failure".into() };
        match self.strike(path) {
            None => write.await,
            Some(When::Before) => Err(failed()),
            Some(When::After) => {
                write.await?;
                Err(failed())
            }
        }
    }
}

impl std::fmt::Display for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Faults")
    }
}

#[async_trait]
impl ObjectStore for Faults {
    async fn put_opts(&self, to: &Path, bytes: PutPayload, how: PutOptions) -> Result<PutResult> {
        self.write(to, self.store.put_opts(to, bytes, how)).await
    }

    async fn put_multipart_opts(
        &self,
        to: &Path,
        how: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.write(to, self.store.put_multipart_opts(to, how)).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, how: CopyOptions) -> Result<()> {
        self.write(to, self.store.copy_opts(from, to, how)).await
    }

    async fn get_opts(&self, path: &Path, how: GetOptions) -> Result<GetResult> {
        self.store.get_opts(path, how).await
    }

    fn delete_stream(
        &self,
        paths: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.store.delete_stream(paths)
    }

    fn list(&self, under: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.store.list(under)
    }

    async fn list_with_delimiter(&self, under: Option<&Path>) -> Result<ListResult> {
        self.store.list_with_delimiter(under).await
    }
}
