/** Where the values of one kind of request member may lie: what the service model says of a shape. */
export type Shape = StructureShape | ListShape | MapShape | ScalarShape;

export interface StructureShape {
  readonly type: "structure";
  /** Shape names by member, in the order in which the service reports what is wrong. */
  readonly members: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
}

export interface ListShape extends Bounds {
  readonly type: "list";
  readonly member: string;
}

export interface MapShape extends Bounds {
  readonly type: "map";
  readonly key: string;
  readonly value: string;
}

export interface ScalarShape extends Bounds {
  readonly type: ScalarType;
  /** A regular expression in Java's dialect, to be met by the whole text. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

export type ScalarType = "string" | "blob" | "boolean" | "integer" | "long" | "double" | "timestamp";

/** Least and greatest value of a number, length of anything else. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}
