// Loaded before the C library (LD_PRELOAD): counts the calls that change files below a folder, and fails or kills at one of them.
//   FAULT_BELOW    the folder, with a slash at its end
//   FAULT_LOG      a file that gets one line per call: its name and path
//   FAULT_AT       number of the call, from 1; FAULT_DO  an errno, or "before" or "after": when the process is killed
//   FAULT_COPY_AT  ascending numbers of calls, with commas: before each, the folder is copied to FAULT_COPIES/NUMBER
// A process may ask for another fault: opening "/fault/AT/DO" counts from the start and always fails, with ENOENT if the
// fault before happened and with ENXIO if it did not.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 65536
static char below[4096];
static size_t length;
static int log_file = -1;
static atomic_int calls, at, what, happened; // what: an errno, -1: killed before, -2: killed after
static char copies[4000];
static const char *copy_at; // the rest of FAULT_COPY_AT
static pthread_mutex_t copying = PTHREAD_MUTEX_INITIALIZER;
static char tracked[MOST];

static int meaning(const char *text) {
  return strcmp(text, "before") == 0 ? -1 : strcmp(text, "after") == 0 ? -2 : atoi(text);
}

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("FAULT_BELOW"), *log = getenv("FAULT_LOG"), *number = getenv("FAULT_AT"), *text = getenv("FAULT_DO");
  if (!folder) return;
  length = strlen(folder);
  memcpy(below, folder, length + 1);
  if (log) log_file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (number) at = atoi(number);
  if (text) what = meaning(text);
  const char *to = getenv("FAULT_COPIES");
  copy_at = getenv("FAULT_COPY_AT");
  if (to) snprintf(copies, sizeof copies, "%s", to);
}

// Other calls wait for a copy, so the folder is what a kill before this call would leave. A call of another thread may
// come here before one with a lower number, which has not happened either: both get a copy.
static void copy_folder(int number) {
  pthread_mutex_lock(&copying);
  while (copy_at && atoi(copy_at) <= number) {
    const int wanted = atoi(copy_at);
    const char *comma = strchr(copy_at, ',');
    copy_at = comma ? comma + 1 : NULL;
    char to[4096];
    snprintf(to, sizeof to, "%s/%d", copies, wanted);
    char *arguments[] = {"cp", "-a", below, to, NULL}, *environment[] = {NULL};
    pid_t child;
    int status = -1;
    if (posix_spawn(&child, "/bin/cp", NULL, NULL, arguments, environment) != 0 || waitpid(child, &status, 0) != child || status != 0) abort();
  }
  pthread_mutex_unlock(&copying);
}

static int is_below(const char *path) { return length > 0 && path && strncmp(path, below, length) == 0; }
// Node closes files without the C library, so ask the system whether a descriptor still belongs to the file.
static int is_tracked(int fd) {
  if (fd < 0 || fd >= MOST || !tracked[fd]) return 0;
  char name[64], path[4096];
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(name, path, sizeof path - 1);
  if (size > 0) path[size] = 0;
  return size > 0 && is_below(path);
}

// True if this call fails, with `errno` set. If killed before the call, it never returns. *last: killed after the call.
static int fails(const char *name, const char *path, int *last) {
  int number = atomic_fetch_add(&calls, 1) + 1;
  *last = 0;
  if (log_file >= 0) {
    char line[4200];
    int size = snprintf(line, sizeof line, "%s %s\n", name, path);
    syscall(SYS_write, log_file, line, size);
  }
  if (copies[0]) copy_folder(number);
  if (number != at) return 0;
  happened = 1;
  if (what == -1) syscall(SYS_kill, getpid(), SIGKILL);
  if (what == -2) *last = 1;
  if (what <= 0) return 0;
  errno = what;
  return 1;
}

static void done(int last) {
  if (last) syscall(SYS_kill, getpid(), SIGKILL);
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define CALL(type, label, path, counted, call) do { \
  int last = 0; \
  if (counted && fails(label, path, &last)) return -1; \
  type result = call; \
  done(last); \
  return result; \
} while (0)

static int asked(const char *path) {
  int number = 0, error = 0;
  if (sscanf(path, "/fault/%d/%d", &number, &error) != 2) return 0;
  int before = atomic_exchange(&happened, 0);
  calls = 0;
  what = error;
  at = number;
  errno = before ? ENOENT : ENXIO;
  return 1;
}

static int opened(int fd, const char *path) {
  if (fd >= 0 && fd < MOST) tracked[fd] = (char)is_below(path);
  return fd;
}

#define OPEN(name) int name(const char *path, int flags, ...) { \
  REAL(name); \
  if (asked(path)) return -1; \
  va_list more; va_start(more, flags); mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0; va_end(more); \
  CALL(int, "open", path, is_below(path), opened(real(path, flags, mode), path)); \
}
OPEN(open)
OPEN(open64)

int close(int fd) {
  REAL(close);
  int last = 0, broken = 0;
  if (is_tracked(fd)) {
    tracked[fd] = 0;
    broken = fails("close", "", &last) ? errno : 0;
  }
  int result = real(fd);
  done(last);
  if (broken) { errno = broken; return -1; }
  return result;
}

ssize_t write(int fd, const void *bytes, size_t count) { REAL(write); CALL(ssize_t, "write", "", is_tracked(fd), real(fd, bytes, count)); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t where) { REAL(pwrite); CALL(ssize_t, "pwrite", "", is_tracked(fd), real(fd, bytes, count, where)); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t where) { REAL(pwrite64); CALL(ssize_t, "pwrite", "", is_tracked(fd), real(fd, bytes, count, where)); }
ssize_t writev(int fd, const struct iovec *parts, int count) { REAL(writev); CALL(ssize_t, "writev", "", is_tracked(fd), real(fd, parts, count)); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t where) { REAL(pwritev); CALL(ssize_t, "pwritev", "", is_tracked(fd), real(fd, parts, count, where)); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t where) { REAL(pwritev64); CALL(ssize_t, "pwritev", "", is_tracked(fd), real(fd, parts, count, where)); }
int fsync(int fd) { REAL(fsync); CALL(int, "fsync", "", is_tracked(fd), real(fd)); }
int fdatasync(int fd) { REAL(fdatasync); CALL(int, "fdatasync", "", is_tracked(fd), real(fd)); }
int ftruncate(int fd, off_t size) { REAL(ftruncate); CALL(int, "ftruncate", "", is_tracked(fd), real(fd, size)); }
int ftruncate64(int fd, off64_t size) { REAL(ftruncate64); CALL(int, "ftruncate", "", is_tracked(fd), real(fd, size)); }
int fchmod(int fd, mode_t mode) { REAL(fchmod); CALL(int, "fchmod", "", is_tracked(fd), real(fd, mode)); }
int chmod(const char *path, mode_t mode) { REAL(chmod); CALL(int, "chmod", path, is_below(path), real(path, mode)); }
int rename(const char *from, const char *to) { REAL(rename); CALL(int, "rename", to, is_below(to), real(from, to)); }
int link(const char *from, const char *to) { REAL(link); CALL(int, "link", to, is_below(to), real(from, to)); }
int unlink(const char *path) { REAL(unlink); CALL(int, "unlink", path, is_below(path), real(path)); }
int remove(const char *path) { REAL(remove); CALL(int, "unlink", path, is_below(path), real(path)); }
int mkdir(const char *path, mode_t mode) { REAL(mkdir); CALL(int, "mkdir", path, is_below(path), real(path, mode)); }
int rmdir(const char *path) { REAL(rmdir); CALL(int, "rmdir", path, is_below(path), real(path)); }
