// A link opens something else than the first frame: it stays hidden until the page knows what.
if (location.hash.length > 1) document.documentElement.classList.add("linked");
