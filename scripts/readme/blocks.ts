/** A fenced block of code in a document. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** Where `text` stands in the document. */
  readonly from: number;
  readonly until: number;
}

export function blocksOf(document: string): Block[] {
  return [...document.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map((match) => {
    const [, language = "", text = ""] = match;
    const from = match.index + 3 + language.length + 1;
    return { language, text, from, until: from + text.length };
  });
}

/** An example that can be run, and the block that shows what it prints. */
export type Example =
  /** Commands of a shell, each behind a `$ `, with what they print below them. */
  | { readonly kind: "session"; readonly shown: Block; readonly commands: readonly string[] }
  | {
      readonly kind: "program";
      readonly shown: Block;
      readonly program: Block;
      /** What lies beside it. */
      readonly files: readonly NamedFile[];
    };

export interface NamedFile {
  readonly name: string;
  readonly text: string;
}

/** Sessions with the AWS CLI, and programs that are followed by what they print. */
export function examplesOf(document: string): Example[] {
  const blocks = blocksOf(document);
  return blocks.flatMap((block, index): Example[] => {
    if (block.language === "console" && block.text.includes("aws dynamodb")) {
      return [{ kind: "session", shown: block, commands: commandsOf(block.text) }];
    }
    const next = blocks[index + 1];
    const isProgram = ["js", "python"].includes(block.language) && next?.language === "text";
    return isProgram ? [{ kind: "program", program: block, shown: next, files: blocks.flatMap(fileIn) }] : [];
  });
}

/** Blocks that begin with the name of a file in a comment are files. */
function fileIn({ text }: Block): NamedFile[] {
  const [, name] = /^\/\/ ([\w-]+\.mjs)\n/.exec(text) ?? [];
  return name === undefined ? [] : [{ name, text }];
}

/** A command goes on where a line ends in a backslash. */
function commandsOf(session: string): string[] {
  return [...session.matchAll(/^\$ (.*(?:(?<=\\)\n.*)*)$/gm)].map(([, command = ""]) => command);
}
