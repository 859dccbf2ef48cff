import type { KinesisCredentials, KinesisSettings } from "../jobs/kinesis/kinesis-stream.ts";
import { isLoopback } from "./loopback.ts";

/** What servers that stand in for Kinesis take from anybody. */
const anybody: KinesisCredentials = { accessKeyId: "stator", secretAccessKey: "stator" };

export interface KinesisOptions {
  readonly kinesisEndpoint?: string | undefined;
  readonly kinesisCredentials?: KinesisCredentials | undefined;
}

/**
 * Where Kinesis is and who Stator is there. Credentials that nobody gave are the AWS SDK's to find; but for an endpoint
 * on this machine, where it would search long and in vain, made-up ones do.
 */
export function kinesisSettings(
  { kinesisEndpoint: endpoint, kinesisCredentials }: KinesisOptions,
  environment: Readonly<Record<string, string | undefined>>,
): KinesisSettings {
  const isFound = environment["AWS_ACCESS_KEY_ID"] !== undefined || environment["AWS_PROFILE"] !== undefined;
  const isLocal = endpoint !== undefined && isLoopback(hostOf(endpoint));
  return { endpoint, credentials: kinesisCredentials ?? (isLocal && !isFound ? anybody : undefined) };
}

/** Without the brackets of an IPv6 address. */
function hostOf(endpoint: string): string {
  return new URL(endpoint).hostname.replace(/^\[(.*)\]$/, "$1");
}
