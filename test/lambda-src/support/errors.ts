const NAMES: Readonly<Record<number, string>> = {
  400: 'BadRequestException', 403: 'ForbiddenException', 404: 'NotFoundException', 405: 'MethodNotAllowedException', 409: 'ConflictException',
  413: 'PayloadTooLargeException', 429: 'TooManyRequestsException', 500: 'InternalServerErrorException',
};

/** An answer of the service as the SDK throws it. */
export function serviceError(status: number, message = 'told by the service', name = NAMES[status] ?? 'UnknownError'): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

/** What the SDK throws when there is no answer. */
export function transportError(name: string, code?: string): Error {
  return Object.assign(new Error(code ?? name), { name, code, $metadata: {} });
}
