"""JupyterLab on a phone's width: the chapter has the page, the list of files comes when asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import NOTEBOOKS

pytest.importorskip("playwright.sync_api", reason="the extra `test` is not installed")
pytest.importorskip("jupyterlab", reason="the extra `lab` is not installed")

from browser import hands
from browser.lab import Lab, open_notebook, temporary_folder

from tools.browser import open_page

FIRST, _, THIRD, *_ = (path.name for path in NOTEBOOKS)
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
LEFT = "() => jupyterapp.shell.leftCollapsed"


@pytest.fixture(scope="module")
def lab(chrome):
    with temporary_folder() as folder, Lab(Path(folder)) as running:
        yield running


def test_the_chapter_has_the_page_and_files_come_from_the_corner(chrome, lab, axe):
    page, requests = open_page(chrome, viewport=PHONE)
    open_notebook(page, lab.url, FIRST)
    corner = page.get_by_role("button", name="Chapters and files")
    corner.wait_for()
    assert page.evaluate(LEFT) and page.locator(".jp-Notebook").bounding_box()["width"] > 380
    assert hands.violations(page, axe, "#jp-MainLogo") == []
    files = page.locator("#filebrowser")
    for press in (corner.click, lambda: corner.press("Enter")):
        press()
        files.wait_for()
        assert files.bounding_box()["width"] == PHONE["width"]
        corner.click()
        files.wait_for(state="hidden")
    corner.click()
    files.locator(".jp-DirListing-item", has_text=THIRD[:8]).dblclick()
    page.get_by_role("heading", name="2 · backward").wait_for()
    assert page.evaluate(LEFT) and requests == []
    page.context.close()


def test_a_stored_picture_has_its_form_for_a_phone_though_nobody_trusts_the_notebook(chrome, lab):
    page, _ = open_page(chrome, viewport=PHONE)
    open_notebook(page, lab.url, FIRST)
    assert not page.evaluate("() => jupyterapp.shell.currentWidget.content.model.trusted")
    image = page.locator(".jp-OutputArea-output picture > img").first
    image.wait_for()
    form = "img => [img.currentSrc !== img.src, img.naturalHeight > img.naturalWidth]"
    assert image.evaluate(form) == [True, True]
    page.set_viewport_size(LAPTOP)
    page.wait_for_function("() => document.querySelector('picture > img').width > 800")
    page.context.close()


def test_a_tablet_begins_with_the_list_closed(chrome, lab):
    page, _ = open_page(chrome, viewport={"width": 820, "height": 1180})
    open_notebook(page, lab.url, FIRST)
    page.locator("#filebrowser").wait_for(state="hidden")
    assert page.locator(".jp-OutputArea-output img").first.bounding_box()["width"] > 600
    page.get_by_role("tab", name="File Browser").click()
    page.locator("#filebrowser").wait_for()
    page.context.close()


def test_on_a_laptop_nothing_is_changed(chrome, lab):
    page, _ = open_page(chrome, viewport=LAPTOP)
    open_notebook(page, lab.url, FIRST)
    page.locator("#filebrowser").wait_for()
    assert page.locator(".jp-SideBar.jp-mod-left").bounding_box()["width"] > 30
    cut = "names => names.filter(each => each.scrollWidth > each.clientWidth).length"
    assert page.locator(".jp-DirListing-itemText").evaluate_all(cut) == 0
    assert page.get_by_role("button", name="Chapters and files").count() == 0
    page.context.close()
