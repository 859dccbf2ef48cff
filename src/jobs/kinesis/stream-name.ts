/** A Kinesis stream by name, and where it is. */
export interface StreamName {
  readonly arn: string;
  readonly region: string;
  readonly name: string;
}

const pattern = /^arn:[^:]+:kinesis:(?<region>[a-z0-9-]+):\d{12}:stream\/(?<name>[a-zA-Z0-9_.-]{1,128})$/;
const regionPattern = /^arn:[^:]*:[^:]*:(?<region>[^:]+):/;

/** Undefined for what is no ARN of a Kinesis stream. */
export function parseStreamArn(arn: string): StreamName | undefined {
  const { region, name } = pattern.exec(arn)?.groups ?? {};
  return region === undefined || name === undefined ? undefined : { arn, region, name };
}

/** The region that any ARN names. */
export function regionOfArn(arn: string): string | undefined {
  return regionPattern.exec(arn)?.groups?.["region"];
}
