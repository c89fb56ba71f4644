// The page works without this: it adds a filter, and opens everything for print.
(() => {
  'use strict';
  const cards = [...document.querySelectorAll('.card')];
  const form = document.getElementById('filter');
  const texts = new Map();

  // What is in a card is read when somebody searches for the first time: there may be thousands.
  const textOf = (card) => {
    let text = texts.get(card);
    if (text === undefined) {
      text = card.textContent.toLowerCase();
      texts.set(card, text);
    }
    return text;
  };

  if (form) {
    const words = document.getElementById('words');
    const decision = document.getElementById('decision');
    const shown = document.getElementById('shown');
    const filter = () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter((word) => word !== '');
      let count = 0;
      for (const card of cards) {
        const matches =
          (decision.value === '' || card.dataset.decision === decision.value) &&
          wanted.every((word) => textOf(card).includes(word));
        card.hidden = !matches;
        count += matches ? 1 : 0;
      }
      shown.textContent = count + ' of ' + cards.length + ' images';
    };
    const all = (open) => () => {
      for (const card of cards) {
        if (!card.hidden) {
          card.firstElementChild.open = open;
        }
      }
    };
    words.addEventListener('input', filter);
    decision.addEventListener('change', filter);
    form.addEventListener('submit', (event) => event.preventDefault());
    document.getElementById('open').addEventListener('click', all(true));
    document.getElementById('close').addEventListener('click', all(false));
    form.hidden = false;
    filter();
  }

  let openedForPrint = [];
  addEventListener('beforeprint', () => {
    openedForPrint = cards.map((card) => card.firstElementChild).filter((details) => !details.open);
    openedForPrint.forEach((details) => { details.open = true; });
  });
  addEventListener('afterprint', () => {
    openedForPrint.forEach((details) => { details.open = false; });
    openedForPrint = [];
  });
})();
