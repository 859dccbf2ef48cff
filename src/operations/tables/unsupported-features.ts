/** What tables of the service can have and this server cannot give them yet: refused, never ignored. */
import {
  aes256NotSupported,
  encryptionMemberWhileDisabled,
  keyIdNeedsKms,
  notSupportedYet,
} from "../../model/messages/tables.ts";
import type { CreateTableInput, SSESpecification, UpdateTableInput } from "../../model/types.generated.ts";
import { checkNewStream, checkStreamChange } from "../streams/stream-specification.ts";

/** What a new table may ask for, checked by the service's own rules before anything is called unsupported. */
export function checkNewTableFeatures(input: CreateTableInput): void {
  checkNewStream(input.StreamSpecification);
  checkEncryption(input.SSESpecification);
  refuseLists(input, ["VectorIndexes"]);
  if (input.SSESpecification?.Enabled === true) throw notSupportedYet("SSESpecification");
  if (input.ResourcePolicy !== undefined) throw notSupportedYet("ResourcePolicy");
  if (input.GlobalTableSourceArn !== undefined) throw notSupportedYet("GlobalTableSourceArn");
  refuseReplicationMode(input.GlobalTableSettingsReplicationMode);
}

const tableChangeLists = ["VectorIndexUpdates", "ReplicaUpdates", "GlobalTableWitnessUpdates"] as const;

/** The same for a change of a table. Turning off what is not on is the service's to refuse, once it knows the table. */
export function checkTableChangeFeatures(input: UpdateTableInput): void {
  checkStreamChange(input.StreamSpecification);
  checkEncryption(input.SSESpecification);
  refuseLists(input, tableChangeLists);
  if (input.SSESpecification?.Enabled === true) throw notSupportedYet("SSESpecification");
  if (input.MultiRegionConsistency !== undefined) throw notSupportedYet("MultiRegionConsistency");
  refuseReplicationMode(input.GlobalTableSettingsReplicationMode);
}

function checkEncryption(encryption: SSESpecification | undefined): void {
  if (encryption === undefined) return;
  const { Enabled: enabled = false, SSEType: type, KMSMasterKeyId: keyId } = encryption;
  if (!enabled && type !== undefined) throw encryptionMemberWhileDisabled("SSEType");
  if (!enabled && keyId !== undefined) throw encryptionMemberWhileDisabled("KMSMasterKeyId");
  if (type === "AES256") throw aes256NotSupported();
  if (keyId !== undefined && type !== "KMS") throw keyIdNeedsKms();
}

function refuseLists<Member extends string>(
  input: { readonly [Name in Member]?: readonly unknown[] | undefined },
  members: readonly Member[],
): void {
  for (const member of members) if ((input[member]?.length ?? 0) > 0) throw notSupportedYet(member);
}

function refuseReplicationMode(mode: UpdateTableInput["GlobalTableSettingsReplicationMode"]): void {
  if (mode !== undefined && mode !== "DISABLED") throw notSupportedYet("GlobalTableSettingsReplicationMode");
}
