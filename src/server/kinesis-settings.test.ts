import assert from "node:assert/strict";
import { test } from "node:test";
import { kinesisSettings } from "./kinesis-settings.ts";

const given = { accessKeyId: "given", secretAccessKey: "secret" };
const anybody = { accessKeyId: "stator", secretAccessKey: "stator" };

test("credentials are made up only for an endpoint on this machine, and only where there are no others", () => {
  for (const kinesisEndpoint of ["http://127.0.0.1:4567", "http://localhost:4567", "http://[::1]:4567"]) {
    const endpoint = kinesisEndpoint;
    assert.deepEqual(kinesisSettings({ kinesisEndpoint }, {}), { endpoint, credentials: anybody });
    for (const variable of ["AWS_ACCESS_KEY_ID", "AWS_PROFILE"]) {
      const settings = kinesisSettings({ kinesisEndpoint }, { [variable]: "mine" });
      assert.deepEqual(settings, { endpoint, credentials: undefined });
    }
    const settings = kinesisSettings({ kinesisEndpoint, kinesisCredentials: given }, { AWS_PROFILE: "mine" });
    assert.deepEqual(settings, { endpoint, credentials: given });
  }
  const endpoint = "https://kinesis.example.com";
  assert.deepEqual(kinesisSettings({ kinesisEndpoint: endpoint }, {}), { endpoint, credentials: undefined });
  assert.deepEqual(kinesisSettings({}, {}), { endpoint: undefined, credentials: undefined });
});
