// Each synthesis would validate its template with an engine of 9 MB; test/validation.test.ts switches it on.
process.env.CDK_VALIDATION = 'false';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
