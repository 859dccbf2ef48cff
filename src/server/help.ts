import { optionNames, options, variableOf, type Option } from "./option-table.ts";

/** The text of `stator --help`. */
export function helpText(): string {
  const rows = optionNames.map((name) => {
    const { value, fallback, purpose }: Option = options[name];
    const default_ = value === undefined || fallback === "" ? "" : ` [${fallback}]`;
    return [
      `--${name}${value === undefined ? "" : ` ${value}`}`,
      `${purpose}${default_}`,
      variableOf(name),
    ] as const;
  });
  const width = Math.max(...rows.map(([option]) => option.length));
  const lines = rows.map(
    ([option, purpose, variable]) =>
      `  ${option.padEnd(width)}  ${purpose}\n${" ".repeat(width + 4)}${variable}\n`,
  );
  return `Usage: stator [start] [options]
       stator migrate --from URL --to URL

Serves DynamoDB over HTTP from this machine. To move data to another engine, see stator migrate --help.

${lines.join("")}
  ${"--help".padEnd(width)}  show this text
  ${"--version".padEnd(width)}  show the version

Each option can also be set by the environment variable below it; the command line wins.
`;
}
