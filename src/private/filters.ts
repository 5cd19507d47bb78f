import * as lambda from 'aws-cdk-lib/aws-lambda';

/** Characters of one pattern. A mapping may have five patterns, and ten once the quota is raised; we make one.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-lambda-eventsourcemapping-filter.html */
export const MAX_PATTERN = 4096;

/** A pattern that is matched against what the JSON data of a record says. Only documented rules: a list of values, and `anything-but` a list.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax */
export interface FilterPattern {
  readonly [field: string]: readonly FilterRule[] | FilterPattern;
}

export type FilterRule = string | { readonly 'anything-but': readonly string[] };

/** As an event source mapping takes it. */
export function dataFilter(pattern: FilterPattern): { [key: string]: string } {
  return lambda.FilterCriteria.filter({ data: pattern });
}
