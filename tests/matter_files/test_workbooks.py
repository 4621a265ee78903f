"""A workbook of two thousand matters: what is wrong in it is told, all of it; put right, it is taken over."""

import time

import msgspec
import pytest
from openpyxl import load_workbook

from kioskd.hall.plan import Material
from kioskd.matter_files.columns import column_of, written_columns
from kioskd.matter_files.read import read_file
from kioskd.matter_files.write import rows, write_workbook
from kioskd.reading import Mistakes
from tests.matter_files.conftest import LINES, matter

KEYS = list(written_columns())

# row of the workbook, column, what is typed there, what is said of it. A matter has three rows: 2-4, 5-7, …
SEEDED = [
    (2, "code", "SW 1", "letters, digits"),
    (5, "name", "", "six units"),
    (8, "code", "SW-0700", "given twice"),
    (11, "name", "第800号事项", "given twice"),
    (14, "line", "genaral", "no line 'genaral' (did you mean 'general'?)"),
    (17, "by_law", "", "six units"),
    (20, "accept_condition", "本镇\u202e居民", "U+202E"),
    (23, "handle_flow", "很" * 4001, "4001 characters"),
    (26, "promise", "5", "5 of what?"),
    (29, "promise", "30个工作日", "longer than the law allows"),
    (32, "project_type", "快办件", "not 即办件 or 承诺件"),
    (35, "project_type", "即办件", "but 5个工作日 is promised"),
    (38, "visits", "2", "say why"),
    (41, "visits", "许多", "not a number from 0 to 9"),
    (44, "guide_url", "javascript:alert(1)", "not an address"),
    (47, "kiosk", "也许", "neither 是 nor 否"),
    (50, "department", "", "is empty"),
    (54, "material_name", "居民身份证", "given twice"),
    (57, "material_copies", "一百", "not a number from 1 to 99"),
    (60, "material_needed", "看情况", "neither 是 nor 否"),
    (63, "material_form_url", "表格.doc", "not an address"),
    (66, "material_needed", "否", "in which cases"),
    (69, "area", "城镇建设", "differs from row 68"),
    (71, "name_en", "=1+1", "is a formula"),
    (74, "synonyms", "别名、\u200b别名二", "U+200B"),
]


def two_thousand():
    return [
        matter(n, legal_limit="20个工作日" if n == 10 else "", name_en=f"Matter {n}") for n in range(1, 2001)
    ]


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    file = tmp_path_factory.mktemp("books") / "two thousand.xlsx"
    write_workbook(file, two_thousand(), LINES)
    return file


def test_twenty_five_mistakes_are_told_exactly_and_the_corrected_workbook_is_imported(
    workbook, kioskd, stored
):
    book = load_workbook(workbook)
    sheet = book["事项"]
    right = {}
    for row, key, value, _ in SEEDED:
        cell = sheet.cell(row, KEYS.index(key) + 1)
        right[row, key] = cell.value
        cell.value = value or None
    wrong = workbook.with_name("wrong.xlsx")
    book.save(wrong)
    with pytest.raises(Mistakes) as caught:
        read_file(wrong, LINES)
    told = {
        (int(m.key.split("row ")[1].split(",")[0]), column_of(m.key.split()[-1])): m
        for m in caught.value.mistakes
    }
    assert len(caught.value.mistakes) == len(SEEDED) == 25
    for row, key, _, says in SEEDED:
        # The second of two that are alike is the wrong one; a visit without its reason lacks the reason.
        place = {
            8: (2099, "code"),
            11: (2399, "name"),
            38: (38, "visits_reason"),
            66: (66, "material_note"),
        }.get(row, (row, key))
        mistake = told[place]
        assert says in str(mistake), mistake
        assert mistake.key.startswith("事项, row ")
        assert ", column " in mistake.key
    code, printed = kioskd("import", wrong, "--apply")
    assert (code, len(stored())) == (1, 2)
    assert "25 mistakes" in printed

    for (row, key), value in right.items():
        sheet.cell(row, KEYS.index(key) + 1).value = value
    book.save(wrong)
    begun = time.process_time()
    code, printed = kioskd("import", wrong, "--apply")
    assert code == 0, printed
    assert "2000 matters: 1998 new, 1 changed" in printed or "2000 matters: 1998 new, 2 changed" in printed
    assert time.process_time() - begun < 30
    assert len(stored()) == 2000


def test_a_workbook_has_its_explanations_and_lists_to_choose_from(workbook):
    book = load_workbook(workbook)
    assert book.sheetnames == ["事项", "填写说明"]
    chosen = {
        str(one.sqref).split("2:")[0]: one.formula1 for one in book["事项"].data_validations.dataValidation
    }
    letter = book["事项"].cell(1, KEYS.index("line") + 1).column_letter
    assert chosen[letter] == '"general,police"'
    assert all(cell.comment for cell in book["事项"][1])
    explained = [row[0].value for row in book["填写说明"].iter_rows(min_row=2)]
    assert explained == [column.zh for column in written_columns().values()]


def cells_of(file):
    return [
        [(cell.value, cell.data_type) for cell in row]
        for sheet in load_workbook(file)
        for row in sheet.iter_rows()
    ]


RICH = [
    matter(
        3,
        name='=HYPERLINK("https://evil.example")',
        synonyms=("+86", "@某人", "二代证"),
        by_law="-1\n'=第二行",
        visits=1,
        visits_reason="须核对原件",
        kiosk=False,
        sample=True,
        guide_url="https://example.cn/a?b=c&d=e",
        materials=(
            Material(name="居民身份证", type="原件", copies=2, source="申请人自备"),
            Material(name="委托书", needed=False, note="委托他人办理时", form_url="https://example.cn/f.doc"),
        ),
    ),
    matter(
        4, name="<script>alert(1)</script>", accept_condition='"quoted", 逗号，;分号\ttab'.replace("\t", " ")
    ),
]


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx"])
@pytest.mark.parametrize("language", [[], ["--english"]])
def test_what_is_written_is_read_again_and_written_the_same(
    kioskd, stored, tmp_path, state, ending, language
):
    rich = tmp_path / "rich.json"
    rich.write_bytes(msgspec.json.encode({"matters": [msgspec.to_builtins(one) for one in RICH]}))
    assert kioskd("import", rich, "--apply")[0] == 0
    before = stored()
    first, again = tmp_path / f"first.{ending}", tmp_path / f"again.{ending}"
    assert kioskd("export", first, *language)[0] == 0
    code, printed = kioskd("import", first, "--apply", "--replace")
    assert (code, stored()) == (0, before), printed
    assert "0 new, 0 changed, 4 the same, 0 withdrawn" in printed
    assert kioskd("export", again, *language)[0] == 0
    if ending == "xlsx":
        assert cells_of(first) == cells_of(again)
    else:
        assert first.read_bytes() == again.read_bytes()


def test_no_spreadsheet_takes_a_name_for_a_formula(kioskd, tmp_path):
    file = tmp_path / "rich.xlsx"
    write_workbook(file, RICH, LINES)
    assert not [
        cell for row in load_workbook(file)["事项"].iter_rows() for cell in row if cell.data_type == "f"
    ]
    from kioskd.matter_files.write import as_csv

    text = as_csv(RICH).decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert "'+86" in text
    assert len(list(rows(RICH))) == 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_as_china_saves_it(tmp_path, encoding):
    file = tmp_path / "事项.csv"
    text = (
        "事项编码,事项名称,队列,服务领域,责任部门,政策依据,受理条件,办理流程,承诺办结时限,承诺时限单位,申请材料\n"
        "SW-1,临时救助,综合事务,社会事务,社会事务办公室,《办法》,困难,申请,10,工作日,申请书\n"
        ",,,,,,,,,,居民身份证\n"
    )
    file.write_bytes(text.encode(encoding))
    [found] = read_file(file, LINES)
    assert (found.line, found.promise) == ("general", "10个工作日")
    assert [str(one) for one in found.materials] == ["申请书", "居民身份证"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xfe\xff", "neither UTF-8 nor GB18030"),
        (b"\x81\xff,\n", "neither UTF-8 nor GB18030"),
        (b"PK\x03\x04 no workbook", "no workbook that can be read"),
        (b"\xd0\xcf\x11\xe0", "old .xls"),
        ("名称,编号\na,b\n".encode(), "no header row"),
        (b"", "no header row"),
        ("事项编码,事项名称,事项名称,颜色\n".encode(), "there is no column '颜色'"),
    ],
)
def test_what_is_no_table_of_matters_is_told_so(tmp_path, data, says):
    file = tmp_path / "file.csv"
    file.write_bytes(data)
    with pytest.raises(Mistakes, match=says):
        read_file(file, LINES)


def test_an_empty_template_is_told_that_it_is_empty_and_changes_nothing(kioskd, tmp_path, stored):
    file = tmp_path / "template.xlsx"
    assert kioskd("template", file)[0] == 0
    code, printed = kioskd("import", file, "--apply")
    assert (code, len(stored())) == (0, 2)
    assert "0 matters: 0 new" in printed


def test_a_matter_on_two_sheets_is_told_before_the_store_stumbles_over_it(tmp_path, kioskd, stored):
    file = tmp_path / "two sheets.xlsx"
    write_workbook(file, [matter(3), matter(4)], LINES)
    book = load_workbook(file)
    book.copy_worksheet(book["事项"]).title = "又一页"
    second = book["又一页"]
    second.cell(2, KEYS.index("name") + 1).value = "另一个名称"
    for row in (3, 4):
        second.cell(row, KEYS.index("name") + 1).value = None
    book.save(file)
    with pytest.raises(Mistakes) as caught:
        read_file(file, LINES)
    told = [str(mistake) for mistake in caught.value.mistakes]
    assert len(told) == 3, told  # both codes, and the name that is not another
    assert "又一页, row 2, column" in told[0]
    assert "'SW-0003' is given twice: 事项, row 2 has it too" in told[0]
    code, printed = kioskd("import", file, "--apply")
    assert (code, len(stored())) == (1, 2), printed
