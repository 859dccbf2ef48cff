/** What servers call: a function and Kinesis streams that remember what they got, and that can be made to hang. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** A version of an item. */
export interface Arrival {
  readonly id: string;
  readonly version: number;
}

export interface Outside {
  readonly functionUrl: string;
  readonly kinesisUrl: string;
  /** What came in by triggers. */
  readonly called: readonly Arrival[];
  /** What came in by Kinesis streams, by their names. */
  readonly delivered: (stream: string) => readonly Arrival[];
  /** From now on nothing is answered but what goes to other streams. */
  hang(stream: string): void;
  /** Answers what is still to be answered, and all that comes. */
  answer(): void;
  close(): void;
}

interface Change {
  readonly dynamodb: { readonly NewImage?: Readonly<Record<string, AttributeValue>> };
}

interface PutRecords {
  readonly StreamName: string;
  readonly Records: readonly { readonly Data: string }[];
}

export async function startOutside(): Promise<Outside> {
  const called: Arrival[] = [];
  const delivered = new Map<string, Arrival[]>();
  let hanging: string | undefined;
  let release: () => void = () => undefined;
  let released = Promise.resolve();

  const byFunction = await listen(async (body) => {
    const { Records } = JSON.parse(body) as { readonly Records: readonly Change[] };
    called.push(...Records.map(arrivalOf));
    if (hanging !== undefined) await released;
    return "null";
  });
  const byKinesis = await listen(async (body, target) => {
    if (!target.endsWith("PutRecords")) return JSON.stringify(summary);
    const { StreamName: name, Records } = JSON.parse(body) as PutRecords;
    const changes = Records.map(({ Data }) => JSON.parse(Buffer.from(Data, "base64").toString()) as Change);
    delivered.set(name, [...(delivered.get(name) ?? []), ...changes.map(arrivalOf)]);
    if (hanging === name) await released;
    const taken = Records.map((_, index) => ({ SequenceNumber: String(index), ShardId: "shard-0" }));
    return JSON.stringify({ FailedRecordCount: 0, Records: taken });
  });
  return {
    functionUrl: byFunction.url,
    kinesisUrl: byKinesis.url,
    called,
    delivered: (stream) => delivered.get(stream) ?? [],
    hang(stream) {
      hanging = stream;
      released = new Promise((resolve) => (release = resolve));
    },
    answer() {
      hanging = undefined;
      release();
    },
    close() {
      release();
      byFunction.close();
      byKinesis.close();
    },
  };
}

const summary = { StreamDescriptionSummary: { StreamStatus: "ACTIVE" } };

function arrivalOf({ dynamodb: { NewImage: image } }: Change): Arrival {
  return { id: image?.["id"]?.S ?? "", version: Number(image?.["version"]?.N) };
}

async function listen(answer: (body: string, target: string) => Promise<string>) {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const target = request.headers["x-amz-target"];
      void answer(Buffer.concat(parts).toString(), typeof target === "string" ? target : "").then((text) => {
        response.setHeader("content-type", "application/x-amz-json-1.1");
        response.end(text);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
