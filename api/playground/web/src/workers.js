// Tells Monaco where its workers are: files beside this one, whose names build.mjs inserts.
globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(new URL(WORKERS[label] ?? WORKERS.editor, import.meta.url)),
};
