exports.handler = awslambda.streamifyResponse(async () => {});
