/** Kinesis streams, as far as deliveries use them. The client is loaded when the first stream is opened. */
import type * as clientKinesis from "@aws-sdk/client-kinesis";
import { fetchHandler } from "./fetch-handler.ts";
import type { KinesisRecord } from "./kinesis-record.ts";
import type { StreamName } from "./stream-name.ts";

export interface KinesisStream {
  /** Whether the stream is there and takes records. Rejects where that cannot be known. */
  isUsable(signal: AbortSignal): Promise<boolean>;
  /** Sends records; answers what became of each, in their order. Rejects when nothing is known of any. */
  put(records: readonly KinesisRecord[], signal: AbortSignal): Promise<readonly PutOutcome[]>;
}

export interface PutOutcome {
  /** Why a record was not taken; absent: it was. */
  readonly refusal?: string | undefined;
  readonly throttled: boolean;
}

/** Where Kinesis is and who calls it; the SDK finds out itself what is absent. */
export interface KinesisSettings {
  readonly endpoint?: string | undefined;
  readonly credentials?: KinesisCredentials | undefined;
}

export interface KinesisCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Kinesis {
  open(name: StreamName): Promise<KinesisStream>;
  close(): void;
}

/** Errors that say that there is no such stream for us: waiting for it is of no use. */
const absences: ReadonlySet<string> = new Set(["ResourceNotFoundException", "AccessDeniedException"]);
/** A stream that is being created or deleted counts as absent, as the service has it. */
const usableStatuses: ReadonlySet<string> = new Set(["ACTIVE", "UPDATING"]);

export function openKinesis(settings: KinesisSettings): Kinesis {
  const clients = new Map<string, Promise<Loaded>>();
  return {
    async open({ region, name, arn }) {
      const known = clients.get(region) ?? loadClient(region, settings);
      clients.set(region, known);
      return streamOf(await known, { name, arn });
    },
    close() {
      for (const loaded of clients.values()) {
        loaded.then(
          ({ client }) => {
            client.destroy();
          },
          () => undefined,
        );
      }
    },
  };
}

type Sdk = typeof clientKinesis;

interface Loaded {
  readonly sdk: Sdk;
  readonly client: clientKinesis.KinesisClient;
}

async function loadClient(region: string, { endpoint, credentials }: KinesisSettings): Promise<Loaded> {
  const sdk = await import("@aws-sdk/client-kinesis");
  const client = new sdk.KinesisClient({
    region,
    // Deliveries have their own patience.
    maxAttempts: 1,
    requestHandler: fetchHandler,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  return { sdk, client };
}

/** A stream is named twice, because servers that stand in for Kinesis may know but the one or the other. */
function streamOf({ sdk, client }: Loaded, { name, arn }: { name: string; arn: string }): KinesisStream {
  const stream = { StreamName: name, StreamARN: arn };
  return {
    async isUsable(abortSignal) {
      try {
        const command = new sdk.DescribeStreamSummaryCommand(stream);
        const { StreamDescriptionSummary: summary } = await client.send(command, { abortSignal });
        return usableStatuses.has(summary?.StreamStatus ?? "");
      } catch (error) {
        if (error instanceof Error && absences.has(error.name)) return false;
        throw error;
      }
    },
    async put(records, abortSignal) {
      const Records = records.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data }));
      const answer = await client.send(new sdk.PutRecordsCommand({ ...stream, Records }), { abortSignal });
      return records.map((_, index) => {
        const { ErrorCode, ErrorMessage } = answer.Records?.[index] ?? { ErrorCode: "no answer" };
        if (ErrorCode === undefined) return { throttled: false };
        return { refusal: ErrorMessage ?? ErrorCode, throttled: isThrottling(ErrorCode) };
      });
    },
  };
}

/** What Kinesis says of a record, or of a request, that was too much for the moment. */
export function isThrottling(code: string): boolean {
  return code === "ProvisionedThroughputExceededException" || code === "LimitExceededException";
}
