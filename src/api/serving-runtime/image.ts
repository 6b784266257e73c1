/** Our one image: model server, storage fetcher, graph router and agent. */
export const RUNTIME_IMAGE = 'cdk8s-kserve/runtime:0.1.0';
/** The same with ONNX Runtime in it. */
export const RUNTIME_IMAGE_ONNX = `${RUNTIME_IMAGE}-onnx`;
