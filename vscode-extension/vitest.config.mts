import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import type { Reporter } from 'vitest/node';

/** The sums as `cargo xtask test` reads them; what was left out counts as failed. */
const sums: Reporter = {
  onTestRunEnd(modules) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === 'passed').length;
    console.log(`${passed} passed, ${tests.length - passed} failed`);
  },
};

export default defineConfig({
  test: { include: ['test/*.test.ts'], clearMocks: true, reporters: ['default', sums] },
  resolve: { alias: { vscode: fileURLToPath(new URL('./test/stub/vscode.ts', import.meta.url)) } },
});
