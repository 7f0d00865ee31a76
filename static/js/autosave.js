// Forms that keep themselves while somebody types: data-autosave="address". Their buttons do the same without it.
// The server judges by the version that the form names (data-autosave-version): older words never overwrite newer ones.
(() => {
  "use strict";
  const words = document.getElementById("words")?.dataset ?? {};
  const PAUSE = 1500;
  const AT_ONCE = 250;
  const AGAIN = 10000;

  function keeper(form) {
    const { autosave: address, autosaveVersion, autosaveLocal: local } = form.dataset;
    const version = form.elements[autosaveVersion];
    const status = form.querySelector("[data-autosave-status]");
    const theirs = form.querySelector("[data-autosave-theirs]");
    // `unsure`: sent, but no answer came: it may have arrived, so the same is sent once more before anything newer.
    let busy = null, dirty = false, stopped = false, unsure = null, timer = 0, passing = false;

    function say(text, tone) {
      status.textContent = text;
      status.dataset.tone = tone;
      status.hidden = false;
    }

    // --- a copy in this tab, so that a reload without a network loses nothing ---
    const key = `autosave:${local}`;
    const fields = () => [...form.elements].filter((item) => item.name && item.matches("textarea, select, input:not([type=hidden], [type=file])"));
    const values = () => Object.fromEntries(fields().filter((item) => item.type !== "radio" || item.checked).map((item) => [item.name, item.value]));
    const forget = () => sessionStorage.removeItem(key);
    const remember = () => sessionStorage.setItem(key, JSON.stringify({ values: values(), version: version.value }));
    function restore() {
      const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
      if (!kept) return;
      if (JSON.stringify(kept.values) === JSON.stringify(values())) return forget();
      fields().forEach((item) => {
        if (item.type === "radio") item.checked = item.value === kept.values[item.name];
        else if (item.name in kept.values) item.value = kept.values[item.name];
      });
      version.value = kept.version;
      dirty = true;
      soon(AT_ONCE);
    }

    // --- sending ---
    function body() {
      const data = new FormData(form);
      [...form.elements].forEach((item) => item.type === "file" && data.delete(item.name));
      return data;
    }
    function soon(pause) {
      clearTimeout(timer);
      timer = setTimeout(save, pause);
    }
    async function send(data) {
      let response;
      try {
        const how = { method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "manual", keepalive: true };
        response = await fetch(address, how);
      } catch {
        return lost(data, words.unsavedOffline);
      }
      const answer = await response.json().catch(() => null);
      if (response.type === "opaqueredirect" || response.status === 403) return lost(null, words.unsavedLogin);
      if (!answer) return lost(data, words.unsavedServer);
      unsure = null;
      if (response.ok) {
        version.value = answer.version;
        say(answer.words, "good");
        if (!dirty) forget();
        else remember();
      } else {
        say(answer.words, "bad");
        stopped = response.status === 409;
        if (theirs && answer.theirs) {
          theirs.append(Object.assign(document.createElement("p"), { textContent: answer.theirs }));
          theirs.hidden = false;
        }
      }
      return response.ok;
    }
    function lost(data, text) {
      unsure = unsure ?? data;
      dirty = true;
      say(text ?? "", "bad");
      soon(AGAIN);
      return false;
    }
    async function work() {
      if (unsure && !(await send(unsure))) return;
      if (!dirty || stopped) return;
      dirty = false;
      if ((await send(body())) && dirty) soon(PAUSE);
    }
    function save() {
      if (busy || stopped || (!dirty && !unsure)) return busy;
      busy = work().finally(() => (busy = null));
      return busy;
    }

    function changed(event) {
      if (event.target.type === "file") return;
      dirty = true;
      remember();
      if (!stopped && address) soon(event.target.matches("[type=radio], [type=date]") ? AT_ONCE : PAUSE);
    }
    form.addEventListener("input", changed);
    // What is on its way comes first: the form must name the version that the server has given it.
    form.addEventListener("submit", async (event) => {
      if (passing) return forget();
      clearTimeout(timer);
      if (!navigator.onLine) {
        event.preventDefault();
        return say(words.unsavedOffline ?? "", "bad");
      }
      if (!busy && !unsure) return forget();
      event.preventDefault();
      const button = event.submitter;
      await busy;
      if (unsure && !stopped) await send(unsure);
      passing = true;
      form.requestSubmit(button);
      passing = false;
    });
    if (!address) return;
    addEventListener("online", () => (dirty || unsure) && soon(AT_ONCE));
    document.addEventListener("visibilitychange", () => document.hidden && dirty && save());
    form.querySelectorAll("[data-autosave-hides]").forEach((part) => (part.hidden = true));
    restore();
  }

  document.querySelectorAll("form[data-autosave]").forEach(keeper);
})();
