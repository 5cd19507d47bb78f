export * from './cdp-endpoint-sync';
export * from './cdp-format';
export * from './endpoint-target';
export * from './handler-options';
export * from './ingest-role';
export * from './stream-options';
export * from './trait-mapping';
