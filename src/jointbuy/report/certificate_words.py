"""The texts of the VAT exemption certificate, by their key."""

from __future__ import annotations

from collections.abc import Mapping

CERTIFICATE: Mapping[str, str] = {
    "title": "SAFE instrument VAT exemption certificate",
    "under": "Council Regulation (EU) 2025/1106, Art. 20(2) and Annex; Directive 2006/112/EC",
    "serial": "Serial number (optional)",
    "entity": "Eligible entity that acquires the products",
    "name": "Designation, name",
    "street": "Street and number",
    "place": "Postcode, place",
    "member state": "Member State of the entity",
    "stamp authority": "Competent authority that stamps",
    "name and address": "Name, address",
    "declaration": "Declaration of the eligible entity",
    "declares": "The entity declares that what is listed under products (box 4) is financed under the SAFE instrument.",
    "undertakes": "It undertakes to pay the value added tax that would be due to the Member State concerned where the "
    "conditions of the exemption are not met.",
    "signatory": "Signatory, function",
    "place and date": "Place, date",
    "signature": "Signature",
    "products": "Products (box 4)",
    "supplier": "Supplier",
    "state": "State",
    "vat number": "VAT identification number",
    "contract": "Contract",
    "caption": "What is acquired, without VAT",
    "no": "No",
    "description": "Description",
    "quantity": "Quantity",
    "unit value": "Value of one",
    "total value": "Total value",
    "currency": "Currency",
    "sum": "Total",
    "stamp": "Stamp of the competent authority of the Member State",
    "confirms": "The transaction meets the conditions of the exemption.",
    "officer": "Officer, function",
    "stamp here": "Stamp",
    "before": "Before it is signed (not printed)",
    "text": "The form is set out in the Annex to the Regulation. Its headings and its two declarations are given here "
    "in our words, as far as they were read; take the binding wording from the Annex. The supplier keeps the stamped "
    "certificate among its records (Art. 20(2)). VAT on what a state outside the Union buys is not meant.",
    "blanks": "Not stated in the purchase file, left to fill in by hand",
    "no loan": "{country} is not said to pay with a SAFE loan: whether what it acquires is financed under SAFE, as the "
    "form declares, is for it and its tax authority to say (Art. 20(1))",
    "points": "Open points of the verdict",
    "none": "None.",
    "written": "Written to {folder}: {files}",
    "left": "Left to fill in by hand: {blanks}",
    "open": "Points open in the verdict: {count}; see them on the page, or with: jointbuy check {folder}",
}
