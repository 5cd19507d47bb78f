import { BadRequest } from './errors';
import { MODEL } from './schema';
import { Shape } from '../sdk-model';
import { Validator } from '../validate';

/** Enums that the documentation has (API reference, EndpointRequest) and the model doesn't. */
const DOCUMENTED_ENUMS: Readonly<Record<string, readonly string[]>> = {
  EndpointStatus: ['ACTIVE', 'INACTIVE'],
  OptOut: ['ALL', 'NONE'],
};

const validator = new Validator({
  enumOf: (member) => DOCUMENTED_ENUMS[member] ?? MODEL.enumOf(member),
  refuse: (message) => new BadRequest(message),
});

/** Throws a 400 that names the first member that doesn't fit. */
export function validate(shape: Shape, value: unknown, path: string): void {
  validator.validate(shape, value, path);
}
