/* SPDX-License-Identifier: MIT */
/* Where a stranger's calls may run: descriptors, folder, user and limits of the process. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdint.h>

/* Descriptors from here on are the executor's own; a scenario has 3..899. */
#define OWN_FD_FIRST 900
#define FD_IN 900
#define FD_OUT 901
#define FD_ERR 902
#define FD_FOLDER 903	    /* O_PATH */
#define FD_FOLDER_LIST 904  /* for reading the entries */
#define FD_STATM 905
#define FD_WHITEBOX 906	    /* link of the white box, where there is one */
#define FD_CACHES 907	    /* locks, and the process that drops caches, where there is one */
#define FD_CACHES_GATE 908
#define FD_CACHES_DROP 909
#define FD_TASKS 910	    /* three for each thread */
#define FD_RINGS 960	    /* one for each thread */
#define FD_HIDDEN 976	    /* the scenario's, while requests are cancelled */
#define HIDDEN_MAX 24
#define OWN_FD_UNUSED 1000  /* open for nobody */

/* The user and group that scenarios run as when the executor was started by root. */
#define NOBODY 65534

/* Ends the process with a message on standard error. */
_Noreturn void die(const char *what);
/* Moves standard input, output and error to OWN_FD_FIRST, opens the folder, drops root. `whitebox`: its link, or -1. */
void sandbox_enter(const char *folder, int whitebox);
/* The effective capabilities, as bits. */
uint64_t sandbox_capabilities(void);
/* Puts a descriptor at `at`, closing the old number. */
void fd_place(int fd, int at);
/* Ends the process after so many milliseconds; 0 takes it back. */
void watchdog(uint32_t ms);

#endif
