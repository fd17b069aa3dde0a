// What the linter holds the sources to. Layers: .dependency-cruiser.cjs; format: .prettierrc.

import svelte from "eslint-plugin-svelte";
import tseslint from "typescript-eslint";

const NO_CLOCK_NO_DICE = "A run is a function of its inputs: take a seed or a time as an argument.";

/** Sizes and names that hold everywhere, AssemblyScript included. */
const sizes = {
  "max-lines": ["error", { max: 400 }],
  "max-lines-per-function": ["error", { max: 60 }],
};

const strict = {
  ...sizes,
  eqeqeq: "error",
  "@typescript-eslint/no-explicit-any": "error",
  "@typescript-eslint/consistent-type-imports": "error",
  "@typescript-eslint/switch-exhaustiveness-check": [
    "error",
    { considerDefaultExhaustiveForUnions: true },
  ],
  "@typescript-eslint/no-non-null-assertion": "off",
  // There are no enums (below), and these two take a third of the linter's time.
  "@typescript-eslint/no-unsafe-enum-assignment": "off",
  "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
  "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
  "@typescript-eslint/restrict-template-expressions": [
    "error",
    { allowNumber: true, allowBoolean: true },
  ],
  "no-restricted-properties": [
    "error",
    { object: "Math", property: "random", message: NO_CLOCK_NO_DICE },
    { object: "Date", property: "now", message: NO_CLOCK_NO_DICE },
  ],
  "no-restricted-syntax": [
    "error",
    { selector: "TSEnumDeclaration", message: "Use a union of strings." },
    {
      selector: "NewExpression[callee.name='Date'][arguments.length=0]",
      message: NO_CLOCK_NO_DICE,
    },
  ],
};

export default tseslint.config(
  { ignores: ["build/", "dist/", "coverage/", "node_modules/", "**/*.d.ts"] },
  {
    files: ["{src,test,tools}/**/*.ts", "*.config.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: strict,
  },
  {
    files: ["src/viz/**/*.svelte", "src/viz/**/*.svelte.ts"],
    extends: [tseslint.configs.strict, svelte.configs.recommended],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      "max-lines": ["error", { max: 400 }],
      "@typescript-eslint/no-non-null-assertion": "off",
      // A $bindable property and its neighbours are one declaration.
      "prefer-const": "off",
      "svelte/prefer-const": ["error", { excludedRunes: ["$props"] }],
      // A scenario's text comes from a link: nothing of it may become markup.
      "svelte/no-at-html-tags": "error",
      "no-restricted-properties": strict["no-restricted-properties"],
    },
  },
  {
    files: ["assembly/**/*.ts"],
    ignores: ["assembly/**/*.d.ts"],
    plugins: { "@typescript-eslint": tseslint.plugin },
    languageOptions: { parser: tseslint.parser },
    rules: sizes,
  },
  {
    // A test file's outer callback is a list of claims, not a function to read in one piece.
    files: ["test/**/*.ts"],
    rules: { "max-lines-per-function": "off" },
  },
  {
    // The edge: the only places with a clock and dice.
    files: ["src/cli/main.ts", "tools/bench/**/*.ts"],
    rules: { "no-restricted-properties": "off" },
  },
);
