"""Names of the facts that columns of a known meaning give, in the language of the file."""

_NAMES = {
    "title": ("Title", "标题", "標題"),
    "brand": ("Brand", "品牌", "品牌"),
    "category": ("Category", "类别", "類別"),
    "product_category": ("Product category", "商品分类", "商品分類"),
    "tags": ("Tags", "标签", "標籤"),
    "weight": ("Weight", "重量", "重量"),
    "gender": ("Gender", "适用性别", "適用性別"),
    "age_group": ("Age group", "适用年龄", "適用年齡"),
    "condition": ("Condition", "新旧程度", "新舊程度"),
    "mpn": ("MPN", "制造商零件编号", "製造商零件編號"),
    "material": ("Material", "材质", "材質"),
    "color": ("Color", "颜色", "顏色"),
    "size": ("Size", "尺寸", "尺寸"),
}


def fact_name(column: str, language: str) -> str:
    """`brand` -> `Brand`, or `品牌` in a Chinese file."""
    english, simplified, traditional = _NAMES[column]
    if language.startswith("zh"):
        return traditional if language == "zh-Hant" else simplified
    return english
