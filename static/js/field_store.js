// Findings that the server has not confirmed yet, kept on the phone. A row goes only when its owner says so.
(() => {
  "use strict";
  const NAME = "field", STORE = "entries", VERSION = 1;
  let opened;

  const settled = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  function open() {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, VERSION);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "uuid" });
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close();
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
    });
    return opened;
  }

  const store = async (mode) => (await open()).transaction(STORE, mode).objectStore(STORE);

  // Resolves when the row is on the disk, not when it was asked for.
  async function put(entry) {
    const rows = await store("readwrite");
    rows.put(entry);
    await new Promise((resolve, reject) => {
      rows.transaction.oncomplete = resolve;
      rows.transaction.onabort = rows.transaction.onerror = () => reject(rows.transaction.error);
    });
  }

  window.fieldStore = {
    put,
    remove: async (uuid) => settled((await store("readwrite")).delete(uuid)),
    all: async (user) => (await settled((await store("readonly")).getAll())).filter((entry) => entry.user === user),
  };
})();
