//! yidang
fn main() {
    yidang::extract::child::main();
}
