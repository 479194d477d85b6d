/** An error as the service would return it; the SDK hook turns it into the SDK's own exception class of that name. */
export class AwsError extends Error {
  override readonly name: string;
  readonly details: Record<string, unknown>;
  constructor(name: string, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = name;
    this.details = details;
  }
}
