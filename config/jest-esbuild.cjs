// Jest transform over esbuild: TypeScript and ESM-only packages become CommonJS. There is no type check here;
// `typecheck:tests` does that.
const { createHash } = require('node:crypto');
const { transformSync, version } = require('esbuild');

module.exports = {
  getCacheKey: (source, file) => createHash('sha1').update(version).update(file).update(source).digest('hex'),
  process(source, file) {
    const { code, map } = transformSync(source, {
      loader: /\.tsx?$/.test(file) ? 'ts' : 'js',
      format: 'cjs',
      target: 'node20',
      sourcefile: file,
      sourcemap: 'external',
      // import() becomes require(): jest on Node 20 can follow only that.
      supported: { 'dynamic-import': false },
      define: { 'import.meta.url': 'undefined' },
    });
    return { code, map };
  },
};
