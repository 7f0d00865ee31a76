// The phone on site: photos made smaller, drafts that survive a reload, and an outbox that forgets nothing before the
// server has confirmed it. Without this file the same forms are sent plainly.
(() => {
  "use strict";
  const box = document.querySelector("[data-waiting]");
  const sheet = document.querySelector("[data-sheet]");
  if (!box || !window.indexedDB || !window.fieldStore) return;
  const { put, remove, all } = window.fieldStore;
  const words = box.querySelector("[data-words]").dataset;
  const user = box.dataset.user;
  const LONGEST = 1600, QUALITY = 0.8, PATIENCE = 60000, MOST_PHOTOS = 9;
  const FINAL = [400, 404, 409, 413, 422], BUSY = [401, 429, 502, 503, 504];
  class OnlyThis extends Error {} // it cannot be sent now, but what stands behind it can
  const drafts = new Map(); // form → its draft
  let busy = false, wanted = false, running, again, pause = 5000, trouble = "";

  const element = (tag, props = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), props);
    made.append(...children);
    return made;
  };
  const say = (text, n) => text.replace("{n}", n);
  const newId = () =>
    crypto.randomUUID?.() ??
    "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

  // --- photos ---
  async function shrunk(file) {
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      const canvas = element("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      return (await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY))) ?? file;
    } catch {
      return file; // a kind that this browser cannot read: the server can
    }
  }

  function showPhotos(form) {
    const list = form.querySelector("[data-photos]");
    list.querySelectorAll("img").forEach((img) => URL.revokeObjectURL(img.src));
    list.replaceChildren(
      ...drafts.get(form).photos.map((photo, n) => {
        const drop = element("button", { type: "button", className: "btn", textContent: "×" });
        drop.setAttribute("aria-label", words.remove);
        drop.addEventListener("click", () => {
          drafts.get(form).photos.splice(n, 1);
          showPhotos(form);
          keep(form);
        });
        return element("li", {}, element("img", { src: URL.createObjectURL(photo.blob), alt: "" }), drop);
      }),
    );
  }

  // --- drafts ---
  const fieldsOf = (form) => Object.fromEntries([...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken"));
  const isEmpty = (draft) => !draft.fields.phrase && !draft.fields.text && !draft.photos.length;

  function newDraft(form) {
    return { uuid: form.elements.uuid.value, user, action: form.action, item: form.elements.namedItem("item").value, place: sheet.dataset.place, state: "draft", photos: [], fields: {} };
  }

  async function keep(form) {
    const draft = drafts.get(form);
    draft.fields = fieldsOf(form);
    try {
      if (isEmpty(draft)) await remove(draft.uuid);
      else {
        draft.foundAt ??= new Date().toISOString(); // when it was first written down, however late it is sent
        await put(draft);
      }
    } catch {
      complain(words.full);
    }
  }

  function fill(form, draft) {
    drafts.set(form, draft);
    for (const [name, value] of Object.entries(draft.fields)) {
      const field = form.elements[name];
      if (field) field.value = value; // works for a group of radio buttons, too
    }
    showPhotos(form);
    costs(form);
    form.closest("details").open = true;
  }

  // A number of its own for what comes next; everything else as the page was.
  function clear(form) {
    form.reset();
    form.elements.uuid.value = newId();
    drafts.set(form, newDraft(form));
    showPhotos(form);
    costs(form);
  }

  function costs(form) {
    const { value, dataset } = form.elements.count;
    const lost = Math.min(Number(dataset.lost) + Number(dataset.each) * (Number(value) || 0), Number(dataset.most)) - Number(dataset.lost);
    form.querySelector(".costs").textContent = say(words.costs, lost.toFixed(2));
  }

  function sheetForm(form) {
    drafts.set(form, newDraft(form));
    costs(form);
    form.addEventListener("input", (event) => {
      if (event.target.name === "text" || event.target.name === "phrase") form.elements.text.setCustomValidity("");
    });
    form.addEventListener("change", async (event) => {
      costs(form);
      if (event.target.type === "file") {
        const room = MOST_PHOTOS - drafts.get(form).photos.length;
        const files = [...event.target.files];
        event.target.value = "";
        if (files.length > room) complain(words.most);
        for (const file of files.slice(0, room)) drafts.get(form).photos.push({ uuid: newId(), name: file.name, blob: await shrunk(file) });
        showPhotos(form);
      }
      keep(form);
    });
    form.addEventListener("submit", (event) => {
      if (event.submitter?.name === "applies") return;
      event.preventDefault();
      hand(form);
    });
  }

  // From the form into the outbox; the form is empty again only when the finding is on the disk.
  async function hand(form) {
    const draft = drafts.get(form);
    draft.fields = { ...fieldsOf(form), found_at: draft.foundAt ?? new Date().toISOString() };
    if (!draft.fields.phrase && !draft.fields.text.trim()) {
      form.elements.text.setCustomValidity(form.elements.text.placeholder);
      form.elements.text.reportValidity();
      return;
    }
    draft.state = "waiting";
    draft.label = `${[draft.fields.phrase, draft.fields.text].filter(Boolean).join(":")} ×${draft.fields.count}`;
    try {
      await put(draft);
    } catch {
      draft.state = "draft";
      complain(words.full);
      return;
    }
    const line = form.closest("li");
    clear(form);
    form.closest("details").open = false;
    line.classList.replace("is-pass", "is-fail");
    nextLine(line)?.scrollIntoView({ block: "start" });
    await refresh();
    flush();
  }

  function nextLine(line) {
    let next = line.nextElementSibling;
    while (next && !next.matches(".check")) next = next.nextElementSibling;
    return next;
  }

  // --- the outbox ---
  async function post(url, fields, file) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    if (file) body.append("photo", file.blob, file.blob.type === "image/jpeg" ? "photo.jpg" : file.name);
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      return await fetch(url, { method: "POST", body, redirect: "manual", signal: stop.signal, headers: { Accept: "application/json", "X-CSRFToken": token() } });
    } finally {
      clearTimeout(timer);
    }
  }

  // What the server said: {done: answer}, {problems} for a final no, or a throw for "later".
  async function answerOf(response) {
    if (response.type === "opaqueredirect" || response.status === 401) throw new Error("login");
    if (response.status === 403) throw new OnlyThis("login");
    const isData = response.headers.get("content-type")?.startsWith("application/json");
    const data = isData ? await response.json() : {};
    if (response.status === 201 && data.uuid) return { done: data };
    if (FINAL.includes(response.status)) return { problems: data.problems ?? [words.refused] };
    throw new (BUSY.includes(response.status) ? Error : OnlyThis)(String(response.status));
  }

  async function send(entry) {
    if (!entry.id) {
      const { done, problems } = await answerOf(await post(entry.action, entry.fields));
      Object.assign(entry, done ? { id: done.id, url: done.url, photoUrl: done.photo_url, deduction: done.deduction } : { state: "refused", problems });
      await put(entry);
      if (problems) return;
    }
    const refused = [];
    for (const photo of [...entry.photos]) {
      const { problems } = await answerOf(await post(entry.photoUrl, { uuid: photo.uuid }, photo));
      if (problems) refused.push(...problems); // it stays; those behind it go
      else entry.photos = entry.photos.filter((one) => one !== photo);
      await put(entry);
      await refresh();
    }
    if (refused.length) return put(Object.assign(entry, { state: "refused", problems: refused }));
    await remove(entry.uuid);
    settled(entry);
  }

  // The saved finding takes its place under its item.
  function settled(entry) {
    const list = sheet?.querySelector(`#item-${entry.item} [data-found]`);
    if (!list || !location.href.startsWith(entry.action.replace(/findings\/$/, ""))) return;
    list.querySelector(`[data-uuid="${entry.uuid}"]`)?.remove();
    list.append(element("li", {}, element("a", { href: entry.url, textContent: `${entry.label} −${entry.deduction}` })));
    const count = sheet.querySelector(`#count-${entry.item}`);
    count.dataset.lost = (Number(count.dataset.lost) + Number(entry.deduction)).toFixed(2);
    costs(count.form);
  }

  // Resolves when nothing is being sent any more, also for who asks while it is.
  function flush() {
    if (busy) {
      wanted = true; // what came in meanwhile is sent right after
      return running;
    }
    running = sendAll();
    return running;
  }

  async function sendAll() {
    busy = true;
    wanted = false;
    box.setAttribute("aria-busy", "true");
    clearTimeout(again);
    trouble = "";
    try {
      let late;
      for (const entry of (await all(user)).filter((row) => row.state === "waiting"))
        await send(entry).catch((error) => {
          if (!(error instanceof OnlyThis)) throw error;
          late = error;
        });
      if (late) throw late;
      pause = 5000;
    } catch (error) {
      trouble = error.message === "login" ? words.login : "";
      again = setTimeout(flush, pause);
      pause = Math.min(pause * 2, 60000);
    } finally {
      busy = false;
      await refresh();
      box.setAttribute("aria-busy", "false");
      if (wanted) await flush();
    }
  }

  function waitingRow(entry) {
    const isRefused = entry.state === "refused";
    const photos = entry.photos.length ? say(words.photos, entry.photos.length) : "";
    const state = isRefused ? entry.problems.join(" ") : trouble || (navigator.onLine ? words.sending : words.waiting);
    const row = element("li", { className: isRefused ? "is-refused" : "" }, element("strong", { textContent: `${entry.place} · ${entry.label}` }), element("span", { textContent: [state, photos].filter(Boolean).join(" · ") }));
    if (!isRefused) return row;
    const renew = element("button", { type: "button", className: "btn", textContent: words.again });
    renew.addEventListener("click", async () => {
      const photos = entry.photos.map((photo) => ({ ...photo, uuid: newId() }));
      const fresh = { ...entry, photos, uuid: entry.id ? entry.uuid : newId(), state: "waiting" };
      fresh.fields = { ...entry.fields, uuid: fresh.uuid };
      await put(fresh);
      if (fresh.uuid !== entry.uuid) await remove(entry.uuid);
      flush();
    });
    const drop = element("button", { type: "button", className: "btn", textContent: words.discard });
    drop.addEventListener("click", async () => {
      if (!confirm(words.sure)) return;
      await remove(entry.uuid);
      refresh();
    });
    row.append(renew, drop);
    return row;
  }

  // Show what waits: in the panel, in the bar, and under its item.
  async function refresh() {
    const waiting = (await all(user)).filter((entry) => entry.state !== "draft");
    box.hidden = !waiting.length;
    box.querySelector("ul").replaceChildren(...waiting.map(waitingRow));
    const light = document.querySelector("[data-queue]");
    if (light) Object.assign(light, { hidden: !waiting.length, textContent: waiting.length });
    sheet?.querySelectorAll("[data-uuid]").forEach((old) => old.remove());
    for (const entry of sheet ? waiting : []) {
      if (!location.href.startsWith(entry.action.replace(/findings\/$/, ""))) continue;
      const line = element("li", { className: "is-waiting", textContent: entry.label });
      line.dataset.uuid = entry.uuid;
      sheet.querySelector(`#item-${entry.item} [data-found]`)?.append(line);
    }
    const finish = document.querySelector("[data-finish] button");
    const failed = sheet?.querySelectorAll(".check.is-fail").length, rest = sheet?.querySelectorAll(".check.is-pass").length;
    if (finish) finish.textContent = finish.dataset.text.replace("{failed}", failed).replace("{rest}", rest);
    return waiting;
  }

  function complain(text) {
    box.hidden = false;
    box.querySelector("ul").append(element("li", { className: "is-refused", textContent: text }));
  }

  // --- a visit ends when everything of it has arrived ---
  document.querySelector("[data-finish]")?.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.dataset.sure) return;
    event.preventDefault();
    await flush();
    if ((await refresh()).length || !navigator.onLine) {
      box.hidden = false;
      box.scrollIntoView({ block: "start" });
      return;
    }
    form.dataset.sure = "yes";
    form.requestSubmit();
  });

  async function begin() {
    sheet?.classList.add("is-live");
    sheet?.querySelectorAll("[data-finding]").forEach(sheetForm);
    for (const draft of (await all(user)).filter((entry) => entry.state === "draft")) {
      const form = sheet && [...drafts.keys()].find((one) => one.action === draft.action && one.elements.namedItem("item").value === draft.item);
      if (form) fill(form, draft);
    }
    box.querySelector("[data-send]").addEventListener("click", flush);
    addEventListener("online", flush);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
    await refresh();
    flush();
  }
  begin();
})();
