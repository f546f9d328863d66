"""Signs and codes of currencies as they stand beside amounts."""

_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR IRT ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD
KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK
NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD
SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF
XPF YER ZAR ZMW ZWG DEM FRF ITL ESP NLG BEF ATS HRK
"""

# A sign that several countries share ($, kr, ¥, Rs) stays the sign it is.
_SIGNS = """
EUR € euro euros eur.
GBP £
USD us$
AUD a$ au$
CAD c$ ca$
NZD nz$
SGD s$
HKD hk$
TWD nt$
BRL r$
MXN mx$
$ $
¥ ¥ ￥
kr kr kr.
Rs rs rs.
INR ₹
CNY 元
JPY 円
CHF fr fr. sfr sfr.
PLN zł zl
CZK kč kc
HUF ft
RON lei
BGN лв лв.
RUB ₽ руб руб.
UAH ₴
TRY ₺ tl
GEL ₾
AMD ֏
AZN ₼
KZT ₸
ILS ₪
AED د.إ dhs
MAD dh
IRR ریال ريال rial rials ﷼
IRT تومان toman tomans
NGN ₦
GHS ₵
KES ksh
ZAR r
THB ฿
VND ₫ đ
KRW ₩
PHP ₱
MYR rm
IDR rp rp.
LAK ₭
KHR ៛
BDT ৳
MNT ₮
CRC ₡
PYG ₲
PEN s/ s/.
"""

_CURRENCY_OF = {code.casefold(): code for code in _CODES.split()} | {
    sign: line.split()[0] for line in _SIGNS.strip().splitlines() for sign in line.split()[1:]
}


def currency_of(mark: str) -> str | None:
    """Return the currency that the text beside an amount names, None where it names none.

    Examples
    --------
    >>> currency_of("€"), currency_of("usd"), currency_of("RM"), currency_of("$"), currency_of("kg")
    ('EUR', 'USD', 'MYR', '$', None)
    """
    return _CURRENCY_OF.get(mark.casefold())
