import { ConfigError, Parser } from './parse';

/** The one environment variable a handler reads. */
export const CONFIG_VARIABLE = 'CDP_CONFIG';

/** Version of the document in it. Construct and handler ship together; the number catches a hand-made or stale deployment. */
export const CONTRACT_VERSION = 1;

/** Reads, parses and checks the configuration, so that a wrong deployment fails when the function starts. */
export function loadConfig<T>(parse: Parser<T>, env: Readonly<Record<string, string | undefined>>): T {
  const json = env[CONFIG_VARIABLE];
  if (!json) throw new ConfigError(CONFIG_VARIABLE, 'the variable is not set');
  return parse(parseJson(json), CONFIG_VARIABLE);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ConfigError(CONFIG_VARIABLE, 'not JSON');
  }
}
