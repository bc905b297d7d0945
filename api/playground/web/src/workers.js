// Tells Monaco where its workers are: files beside this one, their names put in by build.mjs.
globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(new URL(WORKERS[label] ?? WORKERS.editor, import.meta.url)),
};
