/* SPDX-License-Identifier: Apache-2.0
   Loaded before the C library: syncs of database files fail with EIO while the file named by FAULTS_SYNC exists. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_hurt(int descriptor) {
  char link[64], name[512];
  const char *order = getenv("FAULTS_SYNC");
  if (!order || access(order, F_OK)) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, name, sizeof name - 1);
  if (length < 0) return 0;
  name[length] = 0;
  return strstr(name, ".sqlite3") != NULL;
}

int fsync(int descriptor) {
  if (is_hurt(descriptor)) { errno = EIO; return -1; }
  return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(descriptor);
}

int fdatasync(int descriptor) {
  if (is_hurt(descriptor)) { errno = EIO; return -1; }
  return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(descriptor);
}
