import type { ApplicationResponse } from '@aws-sdk/client-pinpoint';
import { Operations } from './operation';

export const APP_OPERATIONS: Operations = {
  GetApp: {
    resource: () => '',
    run: ({ app: { options, creationDate } }): ApplicationResponse =>
      ({ Arn: options.arn, Id: options.id, Name: options.name, CreationDate: creationDate, tags: {} }),
  },
};
