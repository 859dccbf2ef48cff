/** Where triggers tell of batches that they gave up. */
import { appendFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { clientSettings } from "./client-settings.ts";

export interface FailureDestinationsOptions {
  /** Where queues and topics are; the SDK finds out itself what is absent. */
  readonly sqsEndpoint?: string | undefined;
  readonly snsEndpoint?: string | undefined;
}

const answerMsMax = 30_000;

/** Tells a destination of one batch; rejects when that did not come through. */
export async function tellFailure(
  { destination, document, region }: FailureNotice,
  options: FailureDestinationsOptions,
): Promise<void> {
  if (destination.startsWith("file:")) return appendFile(fileURLToPath(destination), `${document}\n`);
  if (/^https?:/.test(destination)) return post(destination, document);
  const [, , service] = destination.split(":");
  if (service === "sqs") return sendToQueue({ destination, document, region }, options);
  if (service === "sns") return publish({ destination, document, region }, options);
  throw new Error(`nothing can be told to ${destination}`);
}

export interface FailureNotice {
  /** An ARN, or an `http:`, `https:` or `file:` URL. */
  readonly destination: string;
  /** JSON. */
  readonly document: string;
  readonly region: string;
}

async function post(url: string, body: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, {
    method: "POST",
    headers,
    body,
    signal: AbortSignal.timeout(answerMsMax),
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}

async function sendToQueue(
  { destination, document, region }: FailureNotice,
  { sqsEndpoint: endpoint }: FailureDestinationsOptions,
): Promise<void> {
  const { SQSClient, SendMessageCommand, GetQueueUrlCommand } = await import("@aws-sdk/client-sqs");
  const { accountId, name } = partsOf(destination);
  const client = new SQSClient({
    ...clientSettings(partsOf(destination).region || region),
    ...(endpoint !== undefined && { endpoint }),
    // What stands in for SQS need not count as it does.
    md5: false,
  });
  try {
    const owner = { QueueName: name, QueueOwnerAWSAccountId: accountId };
    const { QueueUrl } =
      endpoint === undefined
        ? await client.send(new GetQueueUrlCommand(owner), inTime())
        : { QueueUrl: `${endpoint.replace(/\/$/, "")}/${accountId}/${name}` };
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: document }), inTime());
  } finally {
    client.destroy();
  }
}

async function publish(
  { destination, document, region }: FailureNotice,
  { snsEndpoint: endpoint }: FailureDestinationsOptions,
): Promise<void> {
  const { SNSClient, PublishCommand } = await import("@aws-sdk/client-sns");
  const client = new SNSClient({
    ...clientSettings(partsOf(destination).region || region),
    ...(endpoint !== undefined && { endpoint }),
  });
  try {
    await client.send(new PublishCommand({ TopicArn: destination, Message: document }), inTime());
  } finally {
    client.destroy();
  }
}

/** Ends a call that nobody answers: it would hold up its shard for good. */
function inTime(): { readonly abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(answerMsMax) };
}

function partsOf(arn: string) {
  const [, , , region = "", accountId = "", name = ""] = arn.split(":");
  return { region, accountId, name };
}
