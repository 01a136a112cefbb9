"""What anybody may work out about tenancies."""

from foundation.calculators import PublicCalculator
from parks.forms.calculators import CALCULATORS
from parks.reckoning import ANSWERS
from parks.schemas.calculators import QUESTIONS

PUBLIC = [
    PublicCalculator(
        page, question=QUESTIONS[page.code], answer=ANSWERS[page.code], template=f"parks/calculators/{page.code}.html"
    )
    for page in CALCULATORS.values()
]
