/**
 * Operations that Amazon has added since the service model was published: names, required members and limits, as the
 * service's documentation and its SDKs state them. A newer model takes their place.
 */
import type { ServiceModel } from "./service-model.ts";

const string = { type: "string" } as const;
const operationArn = { type: "string", min: 37, max: 1024 } as const;

export const dynamodbSupplement: Pick<ServiceModel, "operations" | "shapes"> = {
  operations: {
    CancelBulkOperation: operation("CancelBulkOperation"),
    DescribeBulkOperation: operation("DescribeBulkOperation"),
    ListBulkOperations: operation("ListBulkOperations"),
    StartBulkPutItems: operation("StartBulkPutItems"),
  },
  shapes: {
    BulkOperationArn: operationArn,
    BulkOperationStatus: string,
    BulkOperationDescription: structure({
      BulkOperationArn: "BulkOperationArn",
      BulkOperationStatus: "BulkOperationStatus",
    }),
    BulkOperationSummary: structure({
      BulkOperationArn: "BulkOperationArn",
      BulkOperationStatus: "BulkOperationStatus",
    }),
    BulkOperationsSummaryList: { type: "list", member: { shape: "BulkOperationSummary" } },
    BulkOperationsMaxResults: { type: "integer", min: 1 },
    BulkOperationsNextToken: string,
    BulkPutFormat: { type: "string", enum: ["DYNAMODB_JSON", "ION"] },
    BulkPutCompression: { type: "string", enum: ["GZIP", "ZSTD", "NONE"] },
    BulkPutOutputType: { type: "string", enum: ["ERROR", "CONDITION_CHECK_FAILURE"] },
    BulkPutTier: { type: "string", enum: ["STANDARD", "ACCELERATED"] },
    BulkPutMaxWriteRequestUnits: { type: "long", min: 1024 },
    BulkPutInput: structure(
      {
        S3Bucket: "BulkPutText",
        S3BucketOwner: "BulkPutText",
        S3KeyPrefix: "BulkPutText",
        InputFormat: "BulkPutFormat",
        InputCompressionType: "BulkPutCompression",
      },
      ["S3Bucket", "InputFormat"],
    ),
    BulkPutOutput: structure(
      {
        OutputType: "BulkPutOutputType",
        S3Bucket: "BulkPutText",
        S3BucketOwner: "BulkPutText",
        S3KeyPrefix: "BulkPutText",
        S3SseAlgorithm: "BulkPutText",
        S3SseKmsKeyId: "BulkPutText",
      },
      ["OutputType"],
    ),
    BulkPutText: string,
    CancelBulkOperationInput: structure({ BulkOperationArn: "BulkOperationArn" }, ["BulkOperationArn"]),
    CancelBulkOperationOutput: structure({
      BulkOperationArn: "BulkOperationArn",
      BulkOperationStatus: "BulkOperationStatus",
    }),
    DescribeBulkOperationInput: structure({ BulkOperationArn: "BulkOperationArn" }, ["BulkOperationArn"]),
    DescribeBulkOperationOutput: structure({ BulkOperationDescription: "BulkOperationDescription" }),
    ListBulkOperationsInput: structure({
      MaxResults: "BulkOperationsMaxResults",
      NextToken: "BulkOperationsNextToken",
    }),
    ListBulkOperationsOutput: structure({
      BulkOperationsSummaryList: "BulkOperationsSummaryList",
      NextToken: "BulkOperationsNextToken",
    }),
    StartBulkPutItemsInput: structure(
      {
        TableName: "TableArn",
        InputS3Configuration: "BulkPutInput",
        OutputS3Configuration: "BulkPutOutput",
        ClientToken: "ClientToken",
        MaxWriteRequestUnits: "BulkPutMaxWriteRequestUnits",
        PerformanceTier: "BulkPutTier",
      },
      ["TableName", "InputS3Configuration", "OutputS3Configuration"],
    ),
    StartBulkPutItemsOutput: structure({ BulkOperationDescription: "BulkOperationDescription" }),
  },
};

function operation(name: string) {
  return { name, input: { shape: `${name}Input` }, output: { shape: `${name}Output` } };
}

function structure(members: Readonly<Record<string, string>>, required: readonly string[] = []) {
  const shapes = Object.entries(members).map(([name, shape]) => [name, { shape }] as const);
  return { type: "structure", members: Object.fromEntries(shapes), required } as const;
}
