/* A disk that fails on demand, for a program that knows nothing of it: loaded
 * before the C library (LD_PRELOAD), it lets calls on chosen paths fail.
 *
 * The file in FAULTS has one line, or is not there:
 *
 *     CALL ERRNO PASS TIMES PART
 *
 * Of the calls CALL (write, sync, link, rename) on paths that contain PART,
 * PASS happen, and the TIMES after them fail with ERRNO. Another line counts
 * anew. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char last[512];
static long count;

/* Whether the call is to fail; sets errno. */
static int fails(const char *call, const char *path) {
    char line[512] = "", name[16] = "", part[256] = "";
    int number = 0;
    long pass = 0, times = 0;
    const char *file = getenv("FAULTS");
    if (!file || !path)
        return 0;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    long got = syscall(SYS_read, fd, line, sizeof line - 1);
    syscall(SYS_close, fd);
    if (got <= 0 || sscanf(line, "%15s %d %ld %ld %255s", name, &number, &pass, &times, part) != 5)
        return 0;
    if (strcmp(name, call) != 0 || !strstr(path, part))
        return 0;
    pthread_mutex_lock(&turn);
    if (strcmp(last, line) != 0) {
        strcpy(last, line);
        count = 0;
    }
    long now = count++;
    pthread_mutex_unlock(&turn);
    if (now < pass || now >= pass + times)
        return 0;
    errno = number;
    return 1;
}

/* The path of an open file. */
static const char *path_of(int fd, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, size - 1);
    if (length < 0)
        return NULL;
    path[length] = 0;
    return path;
}

static int fd_fails(const char *call, int fd) {
    char path[4096];
    int before = errno;
    if (fails(call, path_of(fd, path, sizeof path)))
        return 1;
    errno = before;
    return 0;
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) \
        real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

ssize_t write(int fd, const void *bytes, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    return fd_fails("write", fd) ? -1 : real(fd, bytes, size);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    return fd_fails("write", fd) ? -1 : real(fd, bytes, size, at);
}

int fsync(int fd) {
    REAL(int, "fsync", int);
    return fd_fails("sync", fd) ? -1 : real(fd);
}

int fdatasync(int fd) {
    REAL(int, "fdatasync", int);
    return fd_fails("sync", fd) ? -1 : real(fd);
}

int link(const char *from, const char *to) {
    REAL(int, "link", const char *, const char *);
    return fails("link", to) ? -1 : real(from, to);
}

int linkat(int at, const char *from, int in, const char *to, int flags) {
    REAL(int, "linkat", int, const char *, int, const char *, int);
    return fails("link", to) ? -1 : real(at, from, in, to, flags);
}

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    return fails("rename", to) ? -1 : real(from, to);
}
