// What a run depends on beside the program: the limits and rights of the user who makes the calls.
//
// Interface: Environment, ENVIRONMENT. src/kernel/features.ts probes it; the model is fed with it.

/** Limits and rights, as the scenario's calls meet them. */
export interface Environment {
  /** CAP_SYS_RESOURCE or CAP_SYS_ADMIN: pipe limits do not apply. */
  readonly capSysResource: boolean;
  /** /proc/sys/fs/pipe-max-size. */
  readonly pipeMaxSizeBytes: number;
  /** /proc/sys/fs/pipe-user-pages-soft, in pages; 0 for no limit. */
  readonly pipeUserPagesSoft: number;
  /** /proc/sys/fs/pipe-user-pages-hard, in pages; 0 for no limit. */
  readonly pipeUserPagesHard: number;
  /** RLIMIT_FSIZE; unlimited if absent. */
  readonly fileSizeLimitBytes?: number;
  readonly pageSizeBytes: number;
}

/** A fresh Linux and a user without rights: what a run is fed with where nobody probed. */
export const ENVIRONMENT: Environment = {
  capSysResource: false,
  pipeMaxSizeBytes: 1048576,
  pipeUserPagesSoft: 16384,
  pipeUserPagesHard: 0,
  pageSizeBytes: 4096,
};
