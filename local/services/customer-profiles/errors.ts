import * as sdk from '@aws-sdk/client-customer-profiles';
import { modelOf } from '../sdk-model';

export const MODEL = modelOf(sdk);

/** An error answer of the service; `status` decides which of its exceptions it is. */
export class ProfilesError extends Error {
  public constructor(public readonly status: number, message: string) {
    super(message);
    this.name = MODEL.exceptions[status] ?? 'InternalServerException';
  }
}

export class BadRequest extends ProfilesError {
  public constructor(message: string) {
    super(400, message);
  }
}

export class NotFound extends ProfilesError {
  public constructor(what: string) {
    super(404, `${what} does not exist`);
  }
}
