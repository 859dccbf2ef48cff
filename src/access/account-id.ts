const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const accountDigits = 12;

/**
 * The account that an access key id names: twelve digits are an account by this server's own convention, the ids that
 * AWS gives out carry theirs, and any other id names none.
 */
export function accountIdOf(accessKeyId: string): string | undefined {
  if (accessKeyId.length === accountDigits) return isAllDigits(accessKeyId) ? accessKeyId : undefined;
  const carries =
    accessKeyId.length === 20 && (accessKeyId.startsWith("AKIA") || accessKeyId.startsWith("ASIA"));
  return carries ? carriedAccount(accessKeyId) : undefined;
}

function isAllDigits(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

/** Behind four letters an id is base32: its first 48 bits less the first and the last seven are the account. */
function carriedAccount(accessKeyId: string): string | undefined {
  let bits = 0;
  for (let index = 4; index < 14; index++) {
    const digit = base32.indexOf(accessKeyId.charAt(index));
    if (digit < 0) return undefined;
    bits = bits * 32 + digit;
  }
  // Ten letters are 50 bits, which a double still holds; the last two belong to what follows.
  const account = Math.floor((Math.floor(bits / 4) % 2 ** 47) / 2 ** 7);
  const text = String(account).padStart(accountDigits, "0");
  return text.length === accountDigits ? text : undefined;
}
