import tseslint from "typescript-eslint";

const knownSafeCalls = [{ from: "package", package: "node:test", name: ["test", "describe", "it"] }];

export default tseslint.config(
  { ignores: ["dist/", "**/node_modules/", "**/*.generated.ts"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-restricted-syntax": [
        "error",
        {
          selector: "ExportDefaultDeclaration",
          message: "Export by name: a file is named after its main export.",
        },
        {
          selector: "PropertyDefinition[accessibility='private']",
          message: "Write #name, which is private at run time.",
        },
        {
          selector: "MethodDefinition[accessibility='private']:not([kind='constructor'])",
          message: "Write #name, which is private at run time.",
        },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/max-params": ["error", { max: 4 }],
      "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: knownSafeCalls }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // Answers of clients and stored bytes are checked although their types say that they are right.
      "@typescript-eslint/no-unnecessary-condition": "off",
    },
  },
  {
    // Configuration and the few scripts that run before anything is installed or compiled.
    files: ["**/*.js", "**/*.mjs", "**/*.cjs"],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { "no-restricted-syntax": "off" },
  },
);
