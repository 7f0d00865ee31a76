// The shares of responsibility added up while they are typed; what is taken out does not count.
(() => {
  "use strict";

  function adder(rows) {
    const line = rows.querySelector("[data-share-sum]");
    const stays = (field) => !rows.querySelector(`[name='${field.name.replace(/share$/, "gone")}']`)?.checked;
    const add = () => {
      const shares = [...rows.querySelectorAll("input[name$='-share']")].filter((field) => field.value.trim() && stays(field));
      // In hundredths: 33.33 and 66.67 are a hundred.
      const total = shares.reduce((all, field) => all + Math.round(Number(field.value) * 100), 0) / 100;
      line.hidden = !shares.length;
      line.classList.toggle("is-off", total !== 100);
      line.querySelector("strong").textContent = `${total}%`;
    };
    rows.addEventListener("input", add);
    add();
  }

  document.querySelectorAll(".unit-rows").forEach(adder);
})();
