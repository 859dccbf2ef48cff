/** Where the SDK finds credentials; without any of these it would look for a machine of Amazon's, for seconds. */
const sources = [
  ...["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"],
  ...["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"],
];
const anyCredentials = { accessKeyId: "local", secretAccessKey: "local" };

/** How we call services beside us: with the credentials of the process, or with any where it has none. */
export function clientSettings(region: string) {
  const hasCredentials = sources.some((name) => process.env[name] !== undefined);
  return hasCredentials ? { region } : { region, credentials: anyCredentials };
}
