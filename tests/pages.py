"""A real browser for tests that look at pages: Chromium of the system, driven by Playwright."""

import shutil

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "tablet": {"viewport": {"width": 768, "height": 1024}},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
}
SCREENSHOTS = settings.BASE_DIR / "test-results"


@pytest.fixture(scope="session")
def chromium():
    """The system's Chromium, started once for all tests of this process."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path, "Chromium is missing: make test looks for it and says how to install it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def live_site(live_server):
    """The address of the site, really served, on the test database."""
    return live_server.url


@pytest.fixture
def browser_page(chromium, live_site):
    """Open a page of the site: `browser_page("phone", user=inspector, language="en")`.

    Paths given to `goto` are relative to the site. The test fails at its end if a script failed on any of its pages or
    the Content-Security-Policy was broken.
    """
    contexts, complaints = [], []

    def note(message):
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def open_page(size="desktop", user=None, language="zh-hans", **options):
        context = chromium.new_context(base_url=live_site, locale="zh-CN", **SIZES[size], **options)
        contexts.append(context)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if user is not None:
            client = Client()
            client.force_login(user)
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": name, "value": value, "url": live_site} for name, value in cookies.items()])
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture
def take_screenshot(request):
    """Keep a picture of the whole page in test-results/, named for the test: `take_screenshot(page, "phone")`."""

    def take(page, name):
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{request.node.originalname}-{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take
