// What the build puts into the page: vite.config.ts.

/** The version in package.json. */
declare const SPLICELAB_VERSION: string;
