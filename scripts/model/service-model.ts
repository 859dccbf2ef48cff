/** A service model as AWS publishes it: operations and the shapes of their requests and answers. */
export interface ServiceModel {
  readonly metadata: { readonly serviceId: string; readonly targetPrefix: string };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export interface Operation {
  readonly name: string;
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string };
  readonly errors?: readonly { readonly shape: string }[];
}

export interface Shape {
  readonly type:
    | "structure"
    | "list"
    | "map"
    | "string"
    | "integer"
    | "long"
    | "double"
    | "boolean"
    | "blob"
    | "timestamp";
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly required?: readonly string[];
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly exception?: boolean;
}

/** The services this server answers for, in the order their types are written. */
export const serviceModels = [
  { file: "dynamodb.json", name: "DynamoDb" },
  { file: "dynamodbstreams.json", name: "DynamoDbStreams" },
] as const;
