// Layers: language <- trace <- {model | kernel | compare} <- report <- {viz | cli}. The two back ends never meet.

/** Each folder of src/ and the sibling folders it may import. */
const MAY_IMPORT = {
  language: [],
  trace: ["language"],
  model: ["language", "trace"],
  kernel: ["language", "trace"],
  compare: ["language", "trace"],
  report: ["language", "trace", "compare"],
  arbitraries: ["language", "model"],
  viz: ["language", "trace", "model", "compare", "report"],
  cli: ["viz", "language", "trace", "model", "kernel", "compare", "report", "arbitraries"],
};

const layers = Object.entries(MAY_IMPORT).map(([folder, siblings]) => ({
  name: `layer-${folder}`,
  severity: "error",
  comment: `src/${folder} may import only ${siblings.join(", ") || "itself"}`,
  from: { path: `^src/${folder}/` },
  to: { path: "^src/", pathNot: `^src/(${[folder, ...siblings].join("|")})/|^src/wasm\\.d\\.ts$` },
}));

module.exports = {
  forbidden: [
    ...layers,
    {
      name: "core-imports-nothing",
      severity: "error",
      comment: "assembly/ imports nothing outside itself",
      from: { path: "^assembly/" },
      to: { pathNot: "^assembly/" },
    },
    {
      name: "cli-only-draws",
      severity: "error",
      comment: "of the page the command line needs the drawing of a moment, and nothing else",
      from: { path: "^src/cli/" },
      to: { path: "^src/viz/", pathNot: "^src/viz/svg\\.ts$" },
    },
    {
      name: "only-abi",
      severity: "error",
      comment: "src/ sees only the constants of the core",
      from: { path: "^src/" },
      to: { path: "^assembly/", pathNot: "^assembly/abi/" },
    },
    {
      name: "only-model-loads-core",
      severity: "error",
      comment: "src/model is the only importer of the built core",
      from: { path: "^src/", pathNot: "^src/model/" },
      to: { path: "^build/core/" },
    },
    {
      name: "no-node-in-shared",
      severity: "error",
      comment: "what the page shares with the command line runs without Node",
      from: {
        path: "^src/(language|trace|model|compare|report|arbitraries|viz)/|^src/index\\.ts$",
      },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "reference-stands-alone",
      severity: "error",
      comment:
        "the reference model knows the Program and what it gives, and nothing else of the project",
      from: { path: "^test/reference/", pathNot: "\\.test\\.ts$" },
      to: {
        path: "^(src|assembly|build)/",
        pathNot:
          "^src/(language/(program|syscalls)|trace/(outcome|environment))\\.ts$|^assembly/abi/",
      },
    },
    {
      name: "no-tests-in-sources",
      severity: "error",
      comment: "sources do not need the tests or the tools",
      from: { path: "^(src|assembly)/" },
      to: { path: "^(test|tools)/" },
    },
    {
      name: "no-cycles",
      severity: "error",
      comment: "a cycle is two files that are one idea, or one idea in the wrong file",
      from: { path: "^src/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "resolvable",
      severity: "error",
      comment: "every import leads somewhere",
      from: { path: "^(src|test|tools)/" },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|build/types)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.node.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "svelte", "node", "default", "types"],
    },
  },
};
