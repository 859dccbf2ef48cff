import type { AttributeMap, Item } from "./attribute-value.ts";
import { sequenceNumberOf } from "./sequence-number.ts";
import type { Record as WireRecord, StreamDescription } from "./types.generated.ts";

/** A change of an item, with the images that the view of its stream shows. */
export interface StreamChange {
  /** 32 hexadecimal digits. */
  readonly eventId: string;
  readonly region: string;
  readonly viewType: NonNullable<StreamDescription["StreamViewType"]>;
  readonly sequence: number;
  readonly kind: "insert" | "modify" | "remove";
  readonly origin: "user" | "expiry";
  /** Milliseconds since the epoch. */
  readonly writtenAt: number;
  readonly keys: Item;
  readonly oldImage: AttributeMap | undefined;
  readonly newImage: AttributeMap | undefined;
  readonly sizeBytes: number;
}

/** The record of a stream that tells of a change. Images that there are not are left out. */
export function streamRecord(change: StreamChange): WireRecord {
  return {
    eventID: change.eventId,
    eventName: eventNames[change.kind],
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: change.region,
    dynamodb: {
      // The service counts in whole seconds here.
      ApproximateCreationDateTime: Math.floor(change.writtenAt / 1000),
      Keys: change.keys,
      NewImage: change.newImage,
      OldImage: change.oldImage,
      SequenceNumber: sequenceNumberOf(change.sequence),
      SizeBytes: change.sizeBytes,
      StreamViewType: change.viewType,
    },
    userIdentity: change.origin === "expiry" ? expiryIdentity : undefined,
  };
}

const eventNames = { insert: "INSERT", modify: "MODIFY", remove: "REMOVE" } as const;

/** Who deletes items whose time is over. */
const expiryIdentity = { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" } as const;
