import { GetObjectCommand, S3Client, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { ACCOUNT_ID } from './environment';
import { messageOf } from './errors';
import { BadRequest } from './services/pinpoint/errors';
import { ImportAccess, SourceFile } from './services/pinpoint/import-jobs';
import { Roles } from './template/roles';

export interface ImportAccessOptions {
  readonly roles: Roles;
  /** A client with the permissions of a role. */
  readonly s3Of: (roleId: string) => S3Client;
  readonly outcome: () => string | undefined;
}

/** Amazon Pinpoint assumes the role of an import and reads with its permissions. */
export function importAccess({ roles, s3Of, outcome }: ImportAccessOptions): ImportAccess {
  return {
    outcome,
    checkRole: (roleArn, applicationArn) => {
      try {
        roles.checkTrust(nameOf(roleArn), 'pinpoint.amazonaws.com', { 'aws:SourceAccount': ACCOUNT_ID, 'aws:SourceArn': applicationArn }, 'RoleArn');
      } catch (error) {
        throw new BadRequest(messageOf(error));
      }
    },
    read: async (roleArn, bucket, prefix) => filesIn(s3Of(nameOf(roleArn)), bucket, prefix),
  };
}

async function filesIn(client: S3Client, bucket: string, prefix: string): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key } of Contents) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      files.push({ key: Key!, content: Buffer.from(await Body!.transformToByteArray()) });
    }
  }
  return files;
}

function nameOf(roleArn: string): string {
  return roleArn.split('/').pop() ?? '';
}
