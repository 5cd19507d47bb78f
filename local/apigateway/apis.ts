import { RefusedError } from '../errors';

/** What the gateway answers by itself, where the template says something else than it would. */
export interface GatewayAnswer {
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A path that has methods. */
export interface Method {
  readonly httpMethod: string;
  /** Steps of the path below the stage. */
  readonly path: string;
  readonly functionName: string;
}

export interface Stage {
  readonly name: string;
  readonly ratePerSecond?: number;
  readonly burst?: number;
}

/** A REST API as the template describes it, one resource after the other. */
export class Api {
  public readonly methods: Method[] = [];
  public readonly answers = new Map<string, GatewayAnswer>();
  public readonly stages: Stage[] = [];
  private readonly paths: Map<string, string>;

  public constructor(public readonly id: string, public readonly construct: string, public readonly rootId: string) {
    this.paths = new Map([[rootId, '']]);
  }

  public addResource(id: string, parentId: string, pathPart: string): void {
    this.paths.set(id, `${this.pathOf(parentId)}/${pathPart}`);
  }

  public pathOf(resourceId: string): string {
    const path = this.paths.get(resourceId);
    if (path === undefined) throw new RefusedError(this.construct, `the API has no resource ${resourceId}`);
    return path;
  }
}

/** The REST APIs of the app. */
export class Apis {
  public readonly all = new Map<string, Api>();

  public add(api: Api): void {
    this.all.set(api.id, api);
  }

  public get(id: string, path: string): Api {
    const api = this.all.get(id);
    if (!api) throw new RefusedError(path, `the API ${id} is not part of the app`);
    return api;
  }
}
