/** This project's own image, whatever registry and tag it is pulled with. */
const OWN_IMAGE = /(^|\/)cdk8s-kserve\/runtime([:@]|$)/;
/** Its variant with ONNX Runtime. */
const WITH_ONNX = /:[^:@/]*-onnx(@|$)/;

export function isOwnImage(image: string): boolean {
  return OWN_IMAGE.test(image);
}

/** Whether the image can run ONNX graphs; one that is pinned by its digest alone does not say. */
export function mayRunOnnx(image: string): boolean {
  return WITH_ONNX.test(image) || (image.includes('@') && !/:[^/]*@/.test(image));
}
